package io.approvalhub.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Measures a hub and prints a table.
final class Bench {

  private static final Duration LONGEST = Duration.ofMinutes(12);

  private final Options options = Options.fromProperties();
  private final Path folder;
  private final Table table;
  private boolean failed;

  private Bench(Path folder) throws IOException {
    this.folder = folder;
    table = new Table(Machine.facts(folder));
  }

  static void main() throws Exception {
    // Otherwise every second answer of the JDK's server waits for an acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    var stem = Path.of(System.getProperty("bench.folder", "target/bench")).toAbsolutePath();
    var folder =
        Files.createDirectories(stem.resolve(String.valueOf(Instant.now().toEpochMilli())));
    var bench = new Bench(folder);
    bench.endAfter(LONGEST);
    bench.run();
    bench.print();
    System.exit(bench.failed ? 1 : 0);
  }

  private void run() throws Exception {
    LaunchedHub.prepare(folder);
    try (var caller = new Caller()) {
      for (var database : options.databases()) {
        try (var storage = storage(database)) {
          table.note(storage.settings());
          var ground = new Ground(folder.resolve(database), storage, options, caller);
          for (var measurement : measurements()) {
            var again = !database.equals(options.databases().getFirst());
            if (options.wants(measurement) && (measurement.concernsDatabase() || !again)) {
              run(measurement, ground);
            }
          }
        }
      }
    }
  }

  private void run(Measurement measurement, Ground ground) {
    System.out.println(measurement.name() + " on " + ground.where() + " at " + Instant.now());
    try {
      measurement.run(ground, table);
    } catch (Exception e) {
      failed = true;
      e.printStackTrace();
      table.note("FAILED: " + measurement.name() + " on " + ground.where() + ": " + e.getMessage());
    }
  }

  private static List<Measurement> measurements() {
    return List.of(
        new Start(), new Latencies(), new Clicks(), new Sustained(), new Backlog(), new Relay());
  }

  private Storage storage(String database) throws Exception {
    var own = Files.createDirectories(folder.resolve(database));
    return switch (database) {
      case "sqlite" -> new SqliteStorage(own);
      case "postgresql" -> new PostgresStorage(own);
      default -> throw new IllegalArgumentException("bench.database is not " + database);
    };
  }

  private synchronized void print() throws IOException {
    table.note("load average after: " + Machine.load());
    System.out.println("\n" + table.markdown());
    Files.writeString(folder.resolve("table.md"), table.markdown());
  }

  /// Whatever hangs, what was measured is printed.
  private void endAfter(Duration time) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                Thread.sleep(time);
                table.note("ENDED after " + time + ", before everything was measured");
                print();
              } catch (InterruptedException | IOException e) {
                e.printStackTrace();
              }
              System.exit(2);
            });
  }
}
