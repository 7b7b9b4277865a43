package io.approvalhub.connection;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait after a failure: twice as long each time, within limits, and never in step with
/// others.
@Singleton
public final class Backoff {

  /// How long to leave alone what an operator must mend.
  public static final Duration STOPPED = Duration.ofMinutes(10);

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final RandomGenerator random;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /// @param failures how many there were in a row before this one
  public Duration after(int failures) {
    var full = SHORTEST.multipliedBy(1L << Math.min(failures, 10));
    var limited = full.compareTo(LONGEST) > 0 ? LONGEST : full;
    return Duration.ofMillis((long) (limited.toMillis() * random.nextDouble(0.5, 1)));
  }

  /// What to tell an operator about a failure: its message, or its kind when it has none.
  public static String reason(Exception e) {
    var message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
