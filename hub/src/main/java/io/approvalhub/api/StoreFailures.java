package io.approvalhub.api;

import io.approvalhub.database.StoreException;
import io.approvalhub.http.Problem;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers what could not be recorded: the caller must come again, as platforms and agents do.
@Singleton
final class StoreFailures implements ExceptionHandler<StoreException, HttpResponse<Problem>> {

  private static final Logger LOG = LoggerFactory.getLogger(StoreFailures.class);

  @Override
  @SuppressWarnings("rawtypes")
  public HttpResponse<Problem> handle(HttpRequest request, StoreException failure) {
    LOG.error(
        "not recorded path={} because={} next=the caller tries again",
        request.getPath(),
        failure.getMessage());
    var problem =
        Problem.of(HttpStatus.SERVICE_UNAVAILABLE, "The store is out of reach; try again");
    return problem.response().header("Retry-After", "1");
  }
}
