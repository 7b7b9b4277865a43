package io.approvalhub.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// The agent could not be told of this approval, which says nothing about its others: they go on,
/// and this one is tried again at growing pauses.
public final class NotToldException extends IOException {

  private static final long serialVersionUID = 1;

  private final transient Optional<Duration> delay;

  /// @param message what went wrong, without secrets; people see it
  public NotToldException(String message) {
    this(message, Optional.empty());
  }

  /// @param delay how long the agent asked to wait
  public NotToldException(String message, Optional<Duration> delay) {
    super(message);
    this.delay = delay;
  }

  public Optional<Duration> delay() {
    return delay;
  }
}
