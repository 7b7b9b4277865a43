package io.approvalhub.access;

import java.util.Locale;

/// A key of this role may not do what was asked with it.
public final class RoleException extends RuntimeException {

  private static final long serialVersionUID = 1;

  RoleException(Role role) {
    super(
        "A key of role %s may not do this".formatted(role.name().toLowerCase(Locale.ROOT)),
        null,
        false,
        false);
  }
}
