package io.approvalhub.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// What the figures hold for.
final class Machine {

  private Machine() {}

  /// @param folder where the databases are
  static List<String> facts(Path folder) throws IOException {
    return List.of(
        "machine: %s, %d cores, %s memory, Linux %s"
            .formatted(
                line(Path.of("/proc/cpuinfo"), "model name"),
                Runtime.getRuntime().availableProcessors(),
                line(Path.of("/proc/meminfo"), "MemTotal"),
                System.getProperty("os.version")),
        "Java %s; data on %s".formatted(Runtime.version(), Files.getFileStore(folder).type()),
        "commit %s, %s".formatted(commit(), Instant.now().truncatedTo(ChronoUnit.SECONDS)),
        "load average before: " + load());
  }

  static String load() {
    return String.format(
        Locale.ROOT, "%.2f", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static String line(Path file, String name) throws IOException {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse("unknown");
    }
  }

  private static String commit() throws IOException {
    var head = run("git", "rev-parse", "--short", "HEAD");
    return run("git", "status", "--porcelain").isEmpty() ? head : head + " with changes";
  }

  private static String run(String... command) throws IOException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var output = process.inputReader()) {
      var text = output.readAllAsString().strip();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0 ? text : "unknown";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
