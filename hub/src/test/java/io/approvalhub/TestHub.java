package io.approvalhub;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The real hub in this process, started with a configuration file and called over HTTP.
public final class TestHub implements AutoCloseable {

  /// Keys for every role, to be put under `hub`; the key of each is its name.
  public static final String KEYS =
      """
        keys:
          ci: {key: ci, role: agent, agent: local}
          other: {key: other, role: agent, agent: second}
          alice: {key: alice, role: operator, person: alice}
          bob: {key: bob, role: operator, person: bob}
          eve: {key: eve, role: observer}
      """;

  private final ApplicationContext context;
  private final HttpClient client = HttpClient.newHttpClient();

  private TestHub(ApplicationContext context) {
    this.context = context;
  }

  /// Starts with the data in `folder`. With the clock and the courier turned by hand where
  /// `manual`.
  public static TestHub start(Path folder, String configuration, boolean manual) {
    return start(folder, configuration, manual, Map.of());
  }

  /// The same with settings that count instead of those in the file, such as `hub.database.url`.
  public static TestHub start(
      Path folder, String configuration, boolean manual, Map<String, Object> settings) {
    var overrides = new HashMap<String, Object>(settings);
    overrides.put("micronaut.server.port", -1);
    overrides.put("hub.data", folder.resolve("data").toString());
    if (manual) {
      overrides.put("micronaut.test.manual", true);
    }
    return new TestHub(Application.start(file(folder, configuration), overrides));
  }

  /// Starts as the command line does.
  public static ApplicationContext start(Path configuration) {
    return Application.start(configuration, Map.of());
  }

  /// Writes a configuration file.
  public static Path file(Path folder, String configuration) {
    try {
      return Files.writeString(folder.resolve("hub.yml"), configuration);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + bean(EmbeddedServer.class).getPort());
  }

  public Reply get(String key, String path) {
    return call(key, HttpRequest.newBuilder(address().resolve(path)));
  }

  public Reply post(String key, String path, String body) {
    var request = HttpRequest.newBuilder(address().resolve(path));
    return call(key, request.POST(BodyPublishers.ofString(body)));
  }

  /// Raises an approval with the key `ci`.
  public String raise(String tool, String arguments) {
    var body =
        "{\"tool_name\": %s, \"tool_args\": %s}"
            .formatted(Json.text(Json.array().add(tool).get(0)), arguments);
    return post("ci", "/v2/approvals", body).json().required("job_id").asText();
  }

  public String status(String id) {
    return get("eve", "/v2/approvals/" + id).json().path("status").asText();
  }

  public String delivered(String id) {
    return get("eve", "/v2/approvals/" + id).json().path("delivered").asText();
  }

  private Reply call(String key, HttpRequest.Builder request) {
    try {
      if (!key.isEmpty()) {
        request.header("X-API-Key", key);
      }
      var response = client.send(request.build(), BodyHandlers.ofString());
      Description.shared().check(response);
      return new Reply(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    context.close();
    client.close();
  }

  /// An answer of the hub.
  public record Reply(HttpResponse<String> response) {
    public int status() {
      return response.statusCode();
    }

    public JsonNode json() {
      try {
        return Json.parse(response.body());
      } catch (IOException e) {
        throw new UncheckedIOException(response.body(), e);
      }
    }

    public String detail() {
      return json().path("detail").asText();
    }

    public Map<String, Object> headers() {
      return Map.copyOf(response.headers().map());
    }
  }
}
