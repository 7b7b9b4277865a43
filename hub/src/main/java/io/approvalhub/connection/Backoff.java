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

  /// How long anything is left alone at most, whatever the other side asks for.
  public static final Duration MOST = Duration.ofHours(1);

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final RandomGenerator random;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /// @param failures how many there were in a row before this one
  public Duration after(int failures) {
    return after(failures, LONGEST);
  }

  /// The same for what may well never work, and hurries nobody.
  ///
  /// @param failures how many there were in a row before this one
  public Duration patiently(int failures) {
    return after(failures, MOST);
  }

  /// A delay that the other side asked for, within limits.
  public static Duration limited(Duration asked) {
    return asked.compareTo(MOST) > 0 ? MOST : asked;
  }

  private Duration after(int failures, Duration longest) {
    var full = SHORTEST.multipliedBy(1L << Math.min(failures, 12));
    var limited = full.compareTo(longest) > 0 ? longest : full;
    return Duration.ofMillis((long) (limited.toMillis() * random.nextDouble(0.5, 1)));
  }

  /// What to tell an operator about a failure: its message, or its kind when it has none.
  public static String reason(Throwable e) {
    var message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
