package io.approvalhub.breaking;

import java.time.Duration;
import java.util.Locale;

/// What can go wrong in a run. A fault strikes, and what it broke for a time is mended after that
/// time or at the end of the run.
sealed interface Fault {

  /// Happens now.
  void strike(World world);

  /// How long it lasts.
  default Duration time() {
    return Duration.ZERO;
  }

  /// What it is counted as.
  default String kind() {
    return getClass().getSimpleName().replaceAll("(?<=.)([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }

  /// Whether after it nobody can be sure what had arrived where.
  default boolean interrupts() {
    return true;
  }

  /// `kill -9`, and started again.
  record Killed(int node) implements Fault {
    @Override
    public void strike(World world) {
      world.node(node).kill();
      world.node(node).start();
    }
  }

  /// SIGTERM, and started again.
  record Ended(int node) implements Fault {
    @Override
    public void strike(World world) {
      world.node(node).end();
      world.node(node).start();
    }
  }

  /// Stands still in the middle of whatever it does.
  record Paused(int node, Duration time) implements Fault {
    @Override
    public void strike(World world) {
      world.node(node).pause();
      world.later(time, world.node(node)::goOn);
    }
  }

  /// Nothing more can be written.
  record DiskFull(int node, Duration time) implements Fault {
    @Override
    public void strike(World world) {
      world.node(node).fill();
      world.later(time, world.node(node)::empty);
    }
  }

  /// The clock of a node jumps and stays there.
  record Jumped(int node, Duration by) implements Fault {
    @Override
    public void strike(World world) {
      world.node(node).jump(by);
    }

    @Override
    public boolean interrupts() {
      return false;
    }
  }

  /// Something happens to all calls through one door.
  record Calls(String door, Mischief mischief, Duration time) implements Fault {
    @Override
    public void strike(World world) {
      world.door(door).set(mischief);
      world.later(time, () -> world.door(door).set(Mischief.NONE));
    }

    @Override
    public String kind() {
      var what = mischief.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      return (door.equals(World.FRONT) ? "callbacks " : "calls ") + what;
    }

    /// The door itself knows which calls were in doubt.
    @Override
    public boolean interrupts() {
      return false;
    }
  }

  /// Every click so far comes once more, the newest first.
  record Replayed() implements Fault {
    @Override
    public void strike(World world) {
      world.door(World.FRONT).replay("/channels/");
    }

    @Override
    public boolean interrupts() {
      return false;
    }
  }

  /// A polled agent lists what no hub can take, among what it can.
  record PoisonedRow(Poison poison, Duration time) implements Fault {
    @Override
    public void strike(World world) {
      world.agents().poison(poison);
      world.later(time, () -> world.agents().cure(poison));
    }

    @Override
    public boolean interrupts() {
      return false;
    }
  }

  /// An agent asks over the API with every such call.
  record PoisonedCalls() implements Fault {
    @Override
    public void strike(World world) {
      world.later(Duration.ZERO, () -> world.agents().ask(Poison.values(), world.front()));
    }

    @Override
    public boolean interrupts() {
      return false;
    }
  }

  /// Somebody sends a button of their own making.
  record PoisonedClick() implements Fault {
    @Override
    public void strike(World world) {
      world.later(Duration.ZERO, world.people()::poison);
    }

    @Override
    public boolean interrupts() {
      return false;
    }
  }

  /// `kill -9` of the database's first process, and started again.
  record DatabaseKilled(Duration time) implements Fault {
    @Override
    public void strike(World world) {
      world.postgres().kill();
      world.later(time, world.postgres()::start);
    }
  }

  /// The database stands still.
  record DatabasePaused(Duration time) implements Fault {
    @Override
    public void strike(World world) {
      world.postgres().pause();
      world.later(time, world.postgres()::goOn);
    }
  }
}
