package io.approvalhub.api;

import io.approvalhub.access.RoleException;
import io.approvalhub.http.Problem;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/// Answers whoever asked with a key of another role than is needed.
@Singleton
final class RoleFailures implements ExceptionHandler<RoleException, HttpResponse<Problem>> {

  @Override
  @SuppressWarnings("rawtypes")
  public HttpResponse<Problem> handle(HttpRequest request, RoleException failure) {
    return Problem.of(HttpStatus.FORBIDDEN, failure.getMessage()).response();
  }
}
