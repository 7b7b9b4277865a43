package io.approvalhub.http;

import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.http.server.exceptions.response.Error;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;

/// Makes every error of the server a [Problem].
@Singleton
@Order(Ordered.HIGHEST_PRECEDENCE)
final class Problems implements ErrorResponseProcessor<Problem> {

  @Override
  public MutableHttpResponse<Problem> processResponse(
      ErrorContext context, MutableHttpResponse<?> response) {
    var status = HttpStatus.valueOf(response.code());
    var detail =
        context.getErrors().stream().map(Error::getMessage).collect(Collectors.joining("; "));
    var problem =
        Problem.of(
            status, status.getCode() == 500 || detail.isEmpty() ? status.getReason() : detail);
    return response.body(problem).contentType("application/problem+json");
  }

  /// Answers what a controller refused.
  @Singleton
  static final class Handler implements ExceptionHandler<ProblemException, HttpResponse<Problem>> {
    @Override
    @SuppressWarnings("rawtypes")
    public HttpResponse<Problem> handle(HttpRequest request, ProblemException exception) {
      return exception.problem().response();
    }
  }
}
