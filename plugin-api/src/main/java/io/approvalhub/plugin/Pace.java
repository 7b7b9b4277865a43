package io.approvalhub.plugin;

import java.time.Duration;

/// How fast a platform takes messages from one channel: `burst` calls at once, and one more for
/// each `interval` that passes. The hub keeps it; new prompts go ahead of edits that wait.
public record Pace(int burst, Duration interval) {

  /// As fast as the platform answers.
  public static final Pace UNLIMITED = new Pace(Integer.MAX_VALUE, Duration.ZERO);

  /// @throws IllegalArgumentException when `burst` is below 1 or `interval` negative
  public Pace {
    if (burst < 1 || interval.isNegative()) {
      throw new IllegalArgumentException("burst must be at least 1, interval not negative");
    }
  }
}
