package io.approvalhub.plugin;

import java.io.IOException;
import java.time.Duration;

/// The platform asked to be called again later, such as with HTTP 429 and `Retry-After`.
public final class TryAgainException extends IOException {

  private static final long serialVersionUID = 1;

  private final Duration delay;

  /// @param message what happened, without secrets
  /// @param delay how long the platform asked to wait, from now
  public TryAgainException(String message, Duration delay) {
    super(message);
    this.delay = delay;
  }

  /// How long the platform asked to wait.
  public Duration delay() {
    return delay;
  }
}
