package io.approvalhub.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// As many approvals as pass in a minute, on one node and, where nodes can share a database, on two
/// and three.
final class Sustained implements Measurement {

  private static final int WORKERS = 16;
  private static final long WARM_UP = TimeUnit.SECONDS.toNanos(5);
  private static final long DRAINING = TimeUnit.SECONDS.toNanos(60);
  private static final int AFTERWARDS = 250;
  private static final int RATE = 40;

  @Override
  public String name() {
    return "sustained";
  }

  @Override
  public void run(Ground ground, Table table) throws Exception {
    var seconds = (int) ground.options().sustained().toSeconds();
    try (var floor = ground.floor()) {
      var least = floor.rate(WORKERS, Math.max(3, seconds / 12));
      nodes(ground, table, 1, seconds, least);
      if (ground.storage().shared()) {
        nodes(ground, table, 2, seconds / 3, least);
        nodes(ground, table, 3, seconds / 3, least);
      }
    }
    table.note(
        "sustained: %d at once, each raised, clicked when it is posted, and told to the agent, on"
                .formatted(WORKERS)
            + " one webhook, since the four platforms allow no such rate; after %d s to warm up."
                .formatted(TimeUnit.NANOSECONDS.toSeconds(WARM_UP))
            + " Lost are those that were not told exactly once, or whose copy does not say so in"
            + " the end. After it: %d a second, on the hub that the load has warmed."
                .formatted(RATE)
            + " Nodes share the cores with each other, the database and the benchmark.");
  }

  private static void nodes(Ground ground, Table table, int nodes, int seconds, double least)
      throws Exception {
    var where = ground.where() + (nodes == 1 ? "" : ", " + nodes + " nodes");
    try (var traffic = new Traffic(ground, nodes)) {
      var warm = traffic.load(WORKERS, WARM_UP);
      var before = traffic.processorMillis();
      var load = traffic.load(WORKERS, TimeUnit.SECONDS.toNanos(seconds));
      var used = traffic.processorMillis() - before;
      var memory = traffic.hub().megabytes();
      var raised = warm.lives().size() + load.lives().size() + warm.failures() + load.failures();
      var drained = drain(traffic, raised);
      table.add(
          Row.figure(
                  "sustained for " + seconds + " s",
                  where,
                  load.rate(),
                  " /s",
                  Bar.atLeast(200, "/s"))
              .over(least, " /s"));
      table.add(
          Row.figure(
              "of these lost",
              where,
              raised - traffic.hook().ended() + traffic.told().repeated(),
              "",
              Bar.exactly(0)));
      table.add(Row.figure("until the last copy says so", where, drained, " s", Bar.NONE));
      latencies(table, "under load", where, load.lives(), Bar.NONE, Bar.NONE);
      table.add(
          Row.figure(
              "processor of the hub per approval",
              where,
              used / load.lives().size(),
              " ms",
              Bar.NONE));
      table.add(Row.figure("memory under load", where, memory, " MB", Bar.MEMORY));
      if (nodes == 1) {
        var lives = traffic.steadily(AFTERWARDS, RATE);
        latencies(table, "after it", where, lives, Bar.ANSWERED, Bar.DECIDED);
      }
    }
  }

  private static void latencies(
      Table table, String when, String where, List<Traffic.Life> lives, Bar answer, Bar decide) {
    var answered = new Samples(lives.stream().map(Traffic.Life::answered).toList());
    var told = new Samples(lives.stream().map(Traffic.Life::told).toList());
    table.add(Row.latency("raise → answered, " + when, where, answered, answer));
    table.add(Row.latency("click → decide call, " + when, where, told, decide));
  }

  /// @return how many seconds it took until everybody was shown everything
  private static double drain(Traffic traffic, long raised) {
    var start = System.nanoTime();
    while (traffic.hook().ended() < raised && System.nanoTime() - start < DRAINING) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    return (System.nanoTime() - start) / 1e9;
  }
}
