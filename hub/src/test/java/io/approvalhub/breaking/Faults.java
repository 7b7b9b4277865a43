package io.approvalhub.breaking;

import static io.approvalhub.breaking.Schedule.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Draws faults, each kind as often as the others.
final class Faults {

  private static final Duration FURTHEST = Duration.ofSeconds(280);
  private static final List<String> DOORS =
      List.of("hook", "desk", "phone", "slack", "discord", "coder", "caller", "relayed");
  private static final List<Mischief> OUTWARD =
      List.of(
          Mischief.REFUSED,
          Mischief.TOO_MANY,
          Mischief.BROKEN,
          Mischief.NONSENSE,
          Mischief.SLOW,
          Mischief.HALF_CLOSED,
          Mischief.SILENT,
          Mischief.LOST);
  private static final List<Mischief> INWARD =
      List.of(Mischief.TWICE, Mischief.LATE, Mischief.LOST, Mischief.REFUSED);

  private final RandomGenerator random;
  private final int nodes;
  private final List<Kind> kinds = new ArrayList<>();
  private Duration ahead = Duration.ZERO;

  Faults(RandomGenerator random, int nodes, boolean postgresql) {
    this.random = random;
    this.nodes = nodes;
    // A kill is what most promises are about, and there are many ways to harm a call.
    kinds.addAll(List.of(this::killed, this::killed, this::ended, this::paused, this::jumped));
    kinds.addAll(List.of(this::outward, this::outward, this::outward));
    kinds.addAll(List.of(this::inward, this::inward, Fault.Replayed::new));
    kinds.addAll(List.of(this::row, Fault.PoisonedCalls::new, Fault.PoisonedClick::new));
    kinds.addAll(
        postgresql
            ? List.of(this::databaseKilled, this::databasePaused)
            : List.<Kind>of(this::diskFull));
  }

  Fault next() {
    return kinds.get(random.nextInt(kinds.size())).draw();
  }

  private Fault killed() {
    return new Fault.Killed(node());
  }

  private Fault ended() {
    return new Fault.Ended(node());
  }

  private Fault paused() {
    return new Fault.Paused(node(), pause());
  }

  private Fault diskFull() {
    return new Fault.DiskFull(node(), within(random, 200, 1_200));
  }

  /// Forward by minutes, which signatures bear and relayed agents wait, or backward by a little.
  private Fault jumped() {
    var forward = Duration.ofSeconds(random.nextInt(5, 120));
    if (random.nextBoolean() && ahead.plus(forward).compareTo(FURTHEST) < 0) {
      ahead = ahead.plus(forward);
      return new Fault.Jumped(node(), forward);
    }
    return new Fault.Jumped(node(), within(random, 100, 2_000).negated());
  }

  private Fault outward() {
    var door = DOORS.get(random.nextInt(DOORS.size()));
    var mischief = OUTWARD.get(random.nextInt(OUTWARD.size()));
    return new Fault.Calls(door, mischief, within(random, 100, 1_200));
  }

  private Fault inward() {
    var mischief = INWARD.get(random.nextInt(INWARD.size()));
    return new Fault.Calls(World.FRONT, mischief, within(random, 300, 1_500));
  }

  private Fault row() {
    var poisons = Poison.values();
    return new Fault.PoisonedRow(
        poisons[random.nextInt(poisons.length)], within(random, 200, 1_500));
  }

  private Fault databaseKilled() {
    return new Fault.DatabaseKilled(within(random, 0, 1_500));
  }

  private Fault databasePaused() {
    return new Fault.DatabasePaused(pause());
  }

  /// Where there are several nodes, often so long that the others take over.
  private Duration pause() {
    return nodes > 1 && random.nextBoolean()
        ? within(random, 4_000, 6_000)
        : within(random, 200, 1_500);
  }

  private int node() {
    return random.nextInt(nodes);
  }

  private interface Kind {
    Fault draw();
  }
}
