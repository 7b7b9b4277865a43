package io.approvalhub.plugin;

import java.io.IOException;

/// The platform will never take this message: it is malformed, too long, or the message to edit is
/// gone. The hub gives this message up, says so in log and metric, and goes on with the others.
public final class RefusedException extends IOException {

  private static final long serialVersionUID = 1;

  /// @param message what the platform said, without secrets
  public RefusedException(String message) {
    super(message);
  }
}
