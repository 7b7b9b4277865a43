package io.approvalhub.bench;

import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// From the launch of a hub with a channel on each platform to its first good answer, and what it
/// weighs then.
final class Start implements Measurement {

  private static final int STARTS = 5;
  private static final long SETTLING = TimeUnit.SECONDS.toNanos(5);

  @Override
  public String name() {
    return "start";
  }

  @Override
  public void run(Ground ground, Table table) throws Exception {
    try (var agent = new ToldAgent();
        var chats = new Chats("local")) {
      var file = ground.file();
      chats.configure(file, agent);
      var times = new ArrayList<Long>();
      for (var number : IntStream.range(0, STARTS).toArray()) {
        try (var hub = ground.start(file)) {
          times.add(hub.toReady().toNanos());
          if (number == STARTS - 1) {
            LockSupport.parkNanos(SETTLING);
            weigh(hub, ground, table);
          }
        }
      }
      table.add(
          Row.latency("start → ready", ground.where(), new Samples(times), Bar.atMost(2000, "ms")));
    }
  }

  private static void weigh(LaunchedHub hub, Ground ground, Table table) {
    table.add(Row.figure("memory, idle", ground.where(), hub.megabytes(), " MB", Bar.MEMORY));
  }
}
