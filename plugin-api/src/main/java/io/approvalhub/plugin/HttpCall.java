package io.approvalhub.plugin;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A call that reached [Hub#address], from the platform or from anybody else.
///
/// @param method `GET` or `POST`
/// @param query the decoded parameters of the URL
/// @param headers by name, whatever the case
/// @param body the bytes exactly as they came, at most 1 MiB; not copied
@SuppressWarnings("ArrayRecordComponent")
public record HttpCall(
    String method,
    Map<String, List<String>> query,
    Map<String, List<String>> headers,
    byte[] body) {

  public HttpCall {
    method = method.toUpperCase(Locale.ROOT);
    var anyCase = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
    anyCase.putAll(headers);
    headers = anyCase;
  }

  /// The one value of a header; empty when it is missing or there is more than one, since a
  /// signature that is there twice is not to be trusted.
  public Optional<String> header(String name) {
    return single(headers.get(name));
  }

  /// The one value of a parameter of the URL; empty when it is missing or there is more than one.
  public Optional<String> parameter(String name) {
    return single(query.get(name));
  }

  private static Optional<String> single(@Nullable List<String> values) {
    return values != null && values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
  }
}
