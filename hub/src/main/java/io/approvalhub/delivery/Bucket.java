package io.approvalhub.delivery;

import io.approvalhub.plugin.Pace;
import java.time.Instant;
import java.time.InstantSource;

/// Keeps a pace: so many calls at once, and one more for each interval.
final class Bucket {

  private final Pace pace;
  private final InstantSource clock;
  private Instant full;

  Bucket(Pace pace, InstantSource clock) {
    this.pace = pace;
    this.clock = clock;
    this.full = Instant.EPOCH;
  }

  boolean isOpen() {
    return !opens().isAfter(clock.instant());
  }

  /// When the next call may be made.
  synchronized Instant opens() {
    var room = pace.interval().multipliedBy(pace.burst() - 1L);
    return full.minus(room);
  }

  /// Counts a call.
  synchronized void take() {
    var now = clock.instant();
    full = (full.isAfter(now) ? full : now).plus(pace.interval());
  }
}
