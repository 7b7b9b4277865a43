package io.approvalhub.delivery;

import io.approvalhub.plugin.Pace;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.IntSupplier;

/// Keeps a pace: so many calls at once, and one more for each interval; on each of several nodes
/// its share of that.
final class Bucket {

  private final Pace pace;
  private final IntSupplier nodes;
  private final InstantSource clock;
  private Instant full;

  Bucket(Pace pace, IntSupplier nodes, InstantSource clock) {
    this.pace = pace;
    this.nodes = nodes;
    this.clock = clock;
    this.full = Instant.EPOCH;
  }

  boolean isOpen() {
    return !opens().isAfter(clock.instant());
  }

  /// When the next call may be made.
  synchronized Instant opens() {
    var room = interval().multipliedBy(burst() - 1L);
    return full.minus(room);
  }

  /// Counts a call.
  synchronized void take() {
    var now = clock.instant();
    full = (full.isAfter(now) ? full : now).plus(interval());
  }

  private Duration interval() {
    return pace.interval().multipliedBy(nodes.getAsInt());
  }

  private int burst() {
    return Math.max(1, pace.burst() / nodes.getAsInt());
  }
}
