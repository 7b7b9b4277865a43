package io.approvalhub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.approvalhub.kit.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.yaml.snakeyaml.Yaml;

/// What `/openapi` says, with which every answer that a test gets must agree.
public final class Description {

  private static final String NO_ROUTE = "\"Page Not Found\"";
  private static final Description SHARED = new Description();

  private final JsonNode document = read();
  private final JsonSchemaFactory schemas = JsonSchemaFactory.getInstance(VersionFlag.V202012);
  private final Map<String, JsonSchema> compiled = new ConcurrentHashMap<>();

  private Description() {}

  public static Description shared() {
    return SHARED;
  }

  /// Every method and path that is described, such as `GET /v2/approvals/{}`.
  public TreeSet<String> operations() {
    var operations = new TreeSet<String>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method ->
                            operations.add(
                                method.toUpperCase(Locale.ROOT)
                                    + " "
                                    + path.getKey().replaceAll("\\{\\w+}", "{}"))));
    return operations;
  }

  /// The parameters of a query that are described for an operation of [#operations].
  public TreeSet<String> parameters(String method, String path) {
    var names = new TreeSet<String>();
    var found = operation(method, path).orElseThrow();
    found
        .path("parameters")
        .forEach(
            parameter -> {
              if (parameter.path("in").asText().equals("query")) {
                names.add(parameter.path("name").asText());
              }
            });
    return names;
  }

  /// Fails when an answer is not as described.
  void check(HttpResponse<String> answer) {
    var method = answer.request().method();
    var path = answer.request().uri().getPath();
    if (answer.statusCode() == 404 && answer.body().contains(NO_ROUTE)) {
      return;
    }
    operation(method, path).ifPresent(found -> check(found, method + " " + path, answer));
  }

  private void check(JsonNode operation, String call, HttpResponse<String> answer) {
    var status = String.valueOf(answer.statusCode());
    var where = call + " answered " + status;
    var responses = operation.path("responses");
    var described = responses.path(responses.has(status) ? status : status.charAt(0) + "XX");
    var response =
        described.has("$ref")
            ? document.at(described.path("$ref").asText().substring(1))
            : described;
    if (response.isMissingNode()) {
      throw new AssertionError(where + ", which is not described");
    }
    var type = answer.headers().firstValue("content-type").orElse("").replaceFirst(";.*", "");
    var content = response.path("content").path(type);
    if (content.isMissingNode()) {
      throw new AssertionError(where + " with the type '" + type + "', which is not described");
    }
    if (type.endsWith("json")) {
      var faults = schema(content.path("schema")).validate(json(answer.body()));
      if (!faults.isEmpty()) {
        throw new AssertionError(where + ": " + faults + " in " + answer.body());
      }
    }
  }

  private JsonSchema schema(JsonNode schema) {
    return compiled.computeIfAbsent(
        Json.text(schema),
        _ -> {
          ObjectNode whole = schema.deepCopy();
          return schemas.getSchema(whole.set("components", document.path("components")));
        });
  }

  /// The operation of a path, one that is spelt out before one with a variable.
  private Optional<JsonNode> operation(String method, String path) {
    return document.path("paths").properties().stream()
        .filter(entry -> path.matches(entry.getKey().replaceAll("\\{\\w+}", "[^/]+")))
        .min(Comparator.comparing(entry -> entry.getKey().contains("{")))
        .map(entry -> entry.getValue().path(method.toLowerCase(Locale.ROOT)))
        .filter(JsonNode::isObject);
  }

  private static JsonNode json(String text) {
    try {
      return Json.parse(text);
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  private static JsonNode read() {
    try (InputStream file =
        Objects.requireNonNull(Description.class.getResourceAsStream("/openapi.yml"))) {
      return JsonMapper.builder().build().valueToTree(new Yaml().<Object>load(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
