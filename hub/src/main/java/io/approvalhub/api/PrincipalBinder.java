package io.approvalhub.api;

import io.micronaut.core.convert.ArgumentConversionContext;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.bind.binders.TypedRequestArgumentBinder;
import jakarta.inject.Singleton;
import java.security.Principal;

/// Tells Micronaut's own endpoints whether there is a caller: `/health` shows details to those who
/// have a key.
@Singleton
final class PrincipalBinder implements TypedRequestArgumentBinder<Principal> {

  @Override
  public Argument<Principal> argumentType() {
    return Argument.of(Principal.class);
  }

  @Override
  public BindingResult<Principal> bind(
      ArgumentConversionContext<Principal> context, HttpRequest<?> request) {
    return request::getUserPrincipal;
  }
}
