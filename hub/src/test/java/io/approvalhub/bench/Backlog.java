package io.approvalhub.bench;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What an approval costs while 10, 100, 1,000 and 10,000 others wait.
final class Backlog implements Measurement {

  private static final List<Integer> LEVELS = List.of(10, 100, 1_000, 10_000);
  private static final int SAMPLES = 200;
  private static final int RATE = 40;
  private static final int WORKERS = 16;
  private static final long FILLING = TimeUnit.SECONDS.toNanos(90);

  @Override
  public String name() {
    return "backlog";
  }

  /// Twice would be too long.
  @Override
  public boolean concernsDatabase() {
    return false;
  }

  @Override
  public void run(Ground ground, Table table) throws Exception {
    @Nullable Samples few = null;
    try (var traffic = new Traffic(ground, 1)) {
      var unused = traffic.steadily(SAMPLES, 2 * RATE);
      var waiting = 0;
      for (var level : LEVELS) {
        var more = level - waiting;
        waiting += fill(traffic, more);
        var lives = traffic.steadily(SAMPLES, RATE);
        var whole = new Samples(lives.stream().map(life -> life.posted() + life.told()).toList());
        few = few == null ? whole : few;
        table.add(
            Row.latency(
                "raise → posted + click → decide call, %,d pending".formatted(waiting),
                ground.where(),
                whole,
                few,
                Bar.NONE));
      }
      table.add(
          Row.figure(
              "memory, 10,000 pending",
              ground.where(),
              traffic.hub().megabytes(),
              " MB",
              Bar.NONE));
    }
    table.note(
        "pending: %d a second on one webhook; the floor is the first line, the p95 with 10 pending"
            .formatted(RATE));
  }

  /// @return how many more wait now, all of them posted
  private static int fill(Traffic traffic, int more) {
    var start = System.nanoTime();
    var before = traffic.hook().shown();
    try (var threads = Executors.newFixedThreadPool(WORKERS, Thread.ofVirtual().factory())) {
      IntStream.range(0, more).forEach(_ -> threads.execute(traffic::raise));
    }
    while (traffic.hook().shown() < before + more && System.nanoTime() - start < FILLING) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return (int) (traffic.hook().shown() - before);
  }
}
