package io.approvalhub.api;

import io.approvalhub.http.BodyFields;
import io.approvalhub.http.ProblemException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.web.router.MethodBasedRouteInfo;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.RouteInfo;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Refuses parameters of a query that the API does not know, are there twice, or hold what no store
/// holds. A misspelt filter must not show everything.
@ServerFilter(value = ServerFilter.MATCH_ALL_PATTERN, appendContextPath = false)
final class Query {

  @RequestFilter
  void check(HttpRequest<?> request) {
    RouteAttributes.getRouteInfo(request)
        .filter(route -> route.getDeclaringType().getPackage().equals(Query.class.getPackage()))
        .ifPresent(route -> check(request, known(route)));
  }

  private static void check(HttpRequest<?> request, Set<String> known) {
    request.getParameters().forEach((name, values) -> check(name, values, known));
  }

  private static void check(String name, List<String> values, Set<String> known) {
    if (!known.contains(name)) {
      throw ProblemException.invalid(
          "%s is not a parameter; there are %s".formatted(BodyFields.quoted(name), known));
    }
    if (values.size() > 1) {
      throw ProblemException.invalid(name + " is there more than once");
    }
    values.forEach(value -> BodyFields.requireStorable(name, value));
  }

  private static Set<String> known(RouteInfo<?> route) {
    return route instanceof MethodBasedRouteInfo<?, ?> method
        ? Stream.of(method.getTargetMethod().getArguments())
            .filter(argument -> argument.getAnnotationMetadata().hasAnnotation(QueryValue.class))
            .map(argument -> argument.getName())
            .collect(Collectors.toCollection(TreeSet::new))
        : new TreeSet<>();
  }
}
