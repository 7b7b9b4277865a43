package io.approvalhub.api;

import static io.approvalhub.access.Role.OBSERVER;
import static io.approvalhub.access.Role.OPERATOR;

import io.approvalhub.access.Caller;
import io.approvalhub.access.Keys;
import io.approvalhub.access.Role;
import io.approvalhub.http.Everyone;
import io.approvalhub.http.Problem;
import io.approvalhub.http.Roles;
import io.micronaut.configuration.metrics.micrometer.prometheus.management.PrometheusEndpoint;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.server.HttpServerConfiguration;
import io.micronaut.management.endpoint.health.HealthEndpoint;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.RouteInfo;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds out who calls, by `X-API-Key` or `Authorization: Bearer`, and lets them through to the
/// routes that are open to them.
///
/// It goes by the route that Micronaut found and what is written at it, never by the path, which
/// has many spellings. A route at which nothing is written is open to nobody. Only what words its
/// refusals stands before it.
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
@ServerFilter(value = ServerFilter.MATCH_ALL_PATTERN, appendContextPath = false)
final class Guard {

  private static final Set<Role> READERS = Set.of(OPERATOR, OBSERVER);

  private static final String BEARER = "Bearer ";

  private final Keys keys;
  private final Pattern keyInPath;

  Guard(Keys keys, HttpServerConfiguration server) {
    this.keys = keys;
    var contextPath = Optional.ofNullable(server.getContextPath()).orElse("");
    keyInPath = Pattern.compile("^" + Pattern.quote(contextPath) + "/agents/[^/]+/key=([^/]+)");
  }

  @RequestFilter
  @Nullable HttpResponse<?> admit(HttpRequest<?> request) {
    var presented = presented(request);
    var caller = presented.flatMap(keys::holder);
    caller.ifPresent(request::setUserPrincipal);
    return RouteAttributes.getRouteInfo(request)
        .filter(route -> !isOpen(route))
        .flatMap(route -> refusal(route, presented, caller))
        .orElse(null);
  }

  /// Whether it is written at the route who may call it.
  static boolean knows(RouteInfo<?> route) {
    return isOpen(route) || !roles(route).isEmpty();
  }

  /// Health says no more than up or down without a key.
  private static boolean isOpen(RouteInfo<?> route) {
    return route.getAnnotationMetadata().hasAnnotation(Everyone.class)
        || route.getDeclaringType() == HealthEndpoint.class;
  }

  /// What is written at the method counts instead of what is written at its class.
  private static Set<Role> roles(RouteInfo<?> route) {
    if (route.getDeclaringType() == PrometheusEndpoint.class) {
      return READERS;
    }
    var metadata = route.getAnnotationMetadata();
    var atMethod = metadata.getDeclaredMetadata();
    var written = atMethod.hasAnnotation(Roles.class) ? atMethod : metadata;
    return Stream.of(written.enumValues(Roles.class, Role.class)).collect(Collectors.toSet());
  }

  private static Optional<HttpResponse<?>> refusal(
      RouteInfo<?> route, Optional<String> presented, Optional<Caller> caller) {
    if (caller.isEmpty()) {
      return Optional.of(
          Problem.of(HttpStatus.UNAUTHORIZED, detail(presented))
              .response()
              .header("WWW-Authenticate", "ApiKey"));
    }
    var role = caller.get().role();
    return roles(route).contains(role)
        ? Optional.empty()
        : Optional.of(
            Problem.of(
                    HttpStatus.FORBIDDEN,
                    "A key of role %s may not do this"
                        .formatted(role.name().toLowerCase(Locale.ROOT)))
                .response());
  }

  private static String detail(Optional<String> presented) {
    return presented.isPresent()
        ? "Invalid API key"
        : "Missing API key. Include it as X-API-Key or as Authorization: Bearer";
  }

  /// The key in the path is for clients that can be given an address and nothing else.
  private Optional<String> presented(HttpRequest<?> request) {
    var inPath = keyInPath.matcher(request.getPath());
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
