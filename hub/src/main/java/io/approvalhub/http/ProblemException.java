package io.approvalhub.http;

import io.micronaut.http.HttpStatus;

/// Ends a request with a [Problem].
public final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final HttpStatus status;
  private final String detail;

  public ProblemException(HttpStatus status, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.detail = detail;
  }

  /// The request is understood, and its content is wrong.
  public static ProblemException invalid(String detail) {
    return new ProblemException(HttpStatus.UNPROCESSABLE_ENTITY, detail);
  }

  public Problem problem() {
    return Problem.of(status, detail);
  }
}
