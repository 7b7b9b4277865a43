package io.approvalhub.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.Description;
import io.approvalhub.TestHub;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `/openapi` has every route of the API and no other. That every answer is as described there is
/// tried by [TestHub] with each call of every test.
final class DescriptionTest {

  private static final List<String> OTHERS = List.of("GET /health", "GET /prometheus");

  @TempDir private Path folder;

  @Test
  void everyRouteIsDescribedWithItsParameters() {
    try (var hub = TestHub.start(folder, "", true)) {
      var routes =
          hub.bean(Router.class)
              .uriRoutes()
              .filter(route -> !route.getHttpMethodName().equals("HEAD"))
              .filter(route -> route.getDeclaringType().getPackage() == Guard.class.getPackage())
              .toList();
      var described = Description.shared();

      var expected =
          Stream.concat(routes.stream().map(DescriptionTest::operation), OTHERS.stream())
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(described.operations()).isEqualTo(expected);
      for (var route : routes) {
        assertThat(described.parameters(route.getHttpMethodName(), path(route)))
            .as(operation(route))
            .isEqualTo(parameters(route));
      }
    }
  }

  private static String operation(UriRouteInfo<?, ?> route) {
    return route.getHttpMethodName() + " " + path(route);
  }

  private static String path(UriRouteInfo<?, ?> route) {
    return route.getUriMatchTemplate().toPathString().replaceAll("\\{\\w+}", "{}");
  }

  private static TreeSet<String> parameters(UriRouteInfo<?, ?> route) {
    return Stream.of(route.getTargetMethod().getArguments())
        .filter(argument -> argument.getAnnotationMetadata().hasAnnotation(QueryValue.class))
        .map(argument -> argument.getName())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
