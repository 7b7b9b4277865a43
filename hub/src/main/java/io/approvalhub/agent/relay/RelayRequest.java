package io.approvalhub.agent.relay;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a client wants from an agent.
///
/// @param path as the agent is to see it
/// @param query with its question mark, or empty
public record RelayRequest(
    String method, RawPath path, String query, Map<String, List<String>> headers, RelayBody body) {

  /// Whether this is a call of `wanted`, a regular expression in lower case, with or without a
  /// slash at the end.
  public boolean is(String wantedMethod, String wanted) {
    return method.equals(wantedMethod) && isUnder(wanted + "/?");
  }

  /// Whether the path matches, whatever the method.
  public boolean isUnder(String wanted) {
    return path.text().toLowerCase(Locale.ROOT).matches(wanted);
  }

  public Optional<String> header(String name) {
    return headers.entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .flatMap(header -> header.getValue().stream())
        .findFirst();
  }

  /// The body as a JSON object, to be asked for at most once. One that cannot be read cannot be
  /// guarded either.
  public JsonBody json() throws IOException {
    return body.json();
  }
}
