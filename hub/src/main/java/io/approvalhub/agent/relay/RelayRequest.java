package io.approvalhub.agent.relay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.http.ProblemException;
import io.approvalhub.kit.Json;
import io.micronaut.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a client wants from an agent.
///
/// @param path as the agent is to see it, from its first slash
/// @param body to be read at most once
public record RelayRequest(
    String method, String path, Map<String, List<String>> headers, InputStream body) {

  /// Two spellings of one path must not pass a gate that knows one of them.
  private static final Pattern AMBIGUOUS =
      Pattern.compile("//|/\\.{1,2}(/|$)|[\\\\;]|%(2[ef]|5c|3b|25|00)", Pattern.CASE_INSENSITIVE);

  private static final Pattern NEEDLESS_ESCAPE =
      Pattern.compile("%(2[d]|3[0-9]|[46][1-9a-f]|[57][0-9a]|5f|7e)", Pattern.CASE_INSENSITIVE);

  /// Whether the path has one spelling only.
  boolean isPlain() {
    return !AMBIGUOUS.matcher(path).find() && !NEEDLESS_ESCAPE.matcher(path).find();
  }

  /// Whether this is a call of `wanted`, a regular expression in lower case, with or without a
  /// slash at the end.
  public boolean is(String wantedMethod, String wanted) {
    return method.equals(wantedMethod) && isUnder(wanted + "/?");
  }

  /// Whether the path matches, whatever the method.
  public boolean isUnder(String wanted) {
    return path.toLowerCase(Locale.ROOT).matches(wanted);
  }

  public Optional<String> header(String name) {
    return headers.entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .flatMap(header -> header.getValue().stream())
        .findFirst();
  }

  /// The body as a JSON object. One that cannot be read cannot be guarded either.
  public ObjectNode json() throws IOException {
    var bytes = bytes();
    try {
      if (Json.parse(bytes) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException _) {
      // the same complaint
    }
    throw new ProblemException(HttpStatus.BAD_REQUEST, "the body must be a JSON object");
  }

  public byte[] bytes() throws IOException {
    return body.readAllBytes();
  }
}
