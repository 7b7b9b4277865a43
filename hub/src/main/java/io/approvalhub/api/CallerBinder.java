package io.approvalhub.api;

import io.approvalhub.access.Caller;
import io.approvalhub.http.ProblemException;
import io.micronaut.core.convert.ArgumentConversionContext;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.bind.binders.TypedRequestArgumentBinder;
import jakarta.inject.Singleton;
import java.util.Optional;

/// Hands controllers the caller that [KeyFilter] found.
@Singleton
final class CallerBinder implements TypedRequestArgumentBinder<Caller> {

  @Override
  public Argument<Caller> argumentType() {
    return Argument.of(Caller.class);
  }

  @Override
  public BindingResult<Caller> bind(
      ArgumentConversionContext<Caller> context, HttpRequest<?> request) {
    var caller =
        request
            .getUserPrincipal(Caller.class)
            .orElseThrow(() -> new ProblemException(HttpStatus.UNAUTHORIZED, "Missing API key"));
    return () -> Optional.of(caller);
  }
}
