package io.approvalhub.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// What the demo leaves on the disk while it runs.
final class TemporaryFolder {

  private final Path path;
  private volatile boolean kept;

  TemporaryFolder(Path parent) throws IOException {
    path = Files.createTempDirectory(parent, "approval-hub-demo-");
  }

  Path path() {
    return path;
  }

  /// The log, which [#delete] then leaves alone.
  Path keptLog() {
    kept = true;
    return log();
  }

  /// Writes what this process prints from now on to the log.
  void logOutput() throws IOException {
    var log = new PrintStream(Files.newOutputStream(log()), true, StandardCharsets.UTF_8);
    System.setOut(log);
    System.setErr(log);
  }

  void delete() {
    if (kept) {
      return;
    }
    try (var files = Files.walk(path)) {
      files.sorted(Comparator.reverseOrder()).forEach(TemporaryFolder::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path log() {
    return path.resolve("hub.log");
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
