package io.approvalhub.http;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.serde.annotation.Serdeable;

/// An error as a client sees it.
///
/// @param status the HTTP status
/// @param title what the status means
/// @param detail what is wrong with this request, and what would be right
@Serdeable
public record Problem(int status, String title, String detail) {

  private static final MediaType TYPE = MediaType.of("application/problem+json");

  public static Problem of(HttpStatus status, String detail) {
    return new Problem(status.getCode(), status.getReason(), detail);
  }

  /// The answer that carries it.
  public MutableHttpResponse<Problem> response() {
    return HttpResponse.<Problem>status(HttpStatus.valueOf(status)).body(this).contentType(TYPE);
  }
}
