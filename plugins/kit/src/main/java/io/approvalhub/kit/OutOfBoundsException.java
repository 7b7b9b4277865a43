package io.approvalhub.kit;

import java.io.IOException;

/// Says that something which came from outside cannot be taken, where in it, and why. It quotes no
/// value, only names of properties, shortened and with everything visible.
public final class OutOfBoundsException extends IOException {

  private static final long serialVersionUID = 1;

  private final String where;
  private final String problem;

  OutOfBoundsException(String where, String problem) {
    super(where + " " + problem);
    this.where = where;
    this.problem = problem;
  }

  /// The place, such as `tool_args.env[3].name`.
  public String where() {
    return where;
  }

  /// What is wrong there, such as `is nested more than 60 levels deep`.
  public String problem() {
    return problem;
  }
}
