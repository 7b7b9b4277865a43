package io.approvalhub.api;

import io.approvalhub.access.Keys;
import io.approvalhub.http.Problem;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds out who calls, by `X-API-Key` or `Authorization: Bearer`, and turns away whoever has no
/// key where one is needed.
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class KeyFilter {

  private static final List<String> NEED_A_KEY = List.of("/v2/", "/agents/", "/prometheus");
  private static final Pattern IN_PATH = Pattern.compile("^/agents/[^/]+/key=([^/]+)");
  private static final String BEARER = "Bearer ";

  private final Keys keys;

  KeyFilter(Keys keys) {
    this.keys = keys;
  }

  @RequestFilter
  @Nullable HttpResponse<?> admit(HttpRequest<?> request) {
    var presented = presented(request);
    var caller = presented.flatMap(keys::holder);
    caller.ifPresent(request::setUserPrincipal);
    if (caller.isPresent() || NEED_A_KEY.stream().noneMatch(request.getPath()::startsWith)) {
      return null;
    }
    return Problem.of(HttpStatus.UNAUTHORIZED, detail(presented))
        .response()
        .header("WWW-Authenticate", "ApiKey");
  }

  private static String detail(Optional<String> presented) {
    return presented.isPresent()
        ? "Invalid API key"
        : "Missing API key. Include it as X-API-Key or as Authorization: Bearer";
  }

  /// The key in the path is for clients that can be given an address and nothing else.
  private static Optional<String> presented(HttpRequest<?> request) {
    var inPath = IN_PATH.matcher(request.getPath());
    return inPath.find() ? Optional.of(inPath.group(1)) : inHeaders(request.getHeaders());
  }

  private static Optional<String> inHeaders(HttpHeaders headers) {
    return headers
        .getFirst("X-API-Key")
        .or(
            () ->
                headers
                    .getFirst("Authorization")
                    .filter(value -> value.startsWith(BEARER))
                    .map(value -> value.substring(BEARER.length())));
  }
}
