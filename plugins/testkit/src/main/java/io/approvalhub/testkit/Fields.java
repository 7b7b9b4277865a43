package io.approvalhub.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.approvalhub.kit.Json;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The fields of a request, whatever its encoding.
final class Fields {

  private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)");
  private static final Pattern NAME = Pattern.compile("[ ;]name=\"([^\"]*)\"");
  private static final Pattern FILENAME = Pattern.compile("filename=\"([^\"]*)\"");

  private Fields() {}

  static JsonNode of(FakeServer.Request request) {
    var type = request.header("Content-Type").orElse("");
    var boundary = BOUNDARY.matcher(type);
    if (boundary.find()) {
      return parts(request.body(), boundary.group(1));
    }
    return type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded")
        ? form(request.text())
        : json(request.text());
  }

  static Map<String, List<String>> decoded(@Nullable String query) {
    var values = new TreeMap<String, List<String>>();
    for (var pair : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
      var parts = pair.split("=", 2);
      var value = parts.length == 2 ? URLDecoder.decode(parts[1], UTF_8) : "";
      values.computeIfAbsent(URLDecoder.decode(parts[0], UTF_8), _ -> new ArrayList<>()).add(value);
    }
    return values;
  }

  private static JsonNode json(String text) {
    try {
      return Json.parse(text);
    } catch (IOException _) {
      return TextNode.valueOf(text);
    }
  }

  private static ObjectNode form(String text) {
    var fields = Json.object();
    decoded(text).forEach((name, values) -> fields.put(name, values.getFirst()));
    return fields;
  }

  private static ObjectNode parts(byte[] body, String boundary) {
    var fields = Json.object();
    // One char for each byte until the parts are known.
    for (var part : new String(body, ISO_8859_1).split(Pattern.quote("--" + boundary), -1)) {
      var split = part.indexOf("\r\n\r\n");
      if (split > 0 && part.endsWith("\r\n")) {
        var head = utf8(part.substring(0, split));
        part(fields, head, utf8(part.substring(split + 4, part.length() - 2)));
      }
    }
    return fields;
  }

  private static void part(ObjectNode fields, String head, String text) {
    var name = find(NAME, head).orElse("");
    find(FILENAME, head)
        .ifPresentOrElse(
            file -> fields.putObject(name).put("filename", file).put("text", text),
            () -> fields.put(name, text));
  }

  private static Optional<String> find(Pattern pattern, String text) {
    var match = pattern.matcher(text);
    return match.find() ? Optional.of(match.group(1)) : Optional.empty();
  }

  private static String utf8(String bytes) {
    return new String(bytes.getBytes(ISO_8859_1), UTF_8);
  }
}
