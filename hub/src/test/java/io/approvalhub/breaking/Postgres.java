package io.approvalhub.breaking;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A real PostgreSQL for all runs, which can be killed and paused. It commits as carefully as the
/// hub asks; only the machine must not fail, since it does not wait for the disk.
final class Postgres implements AutoCloseable {

  private final Path folder;
  private final int port;
  private EmbeddedPostgres server;
  private List<ProcessHandle> stopped = List.of();

  Postgres(Path folder) {
    this.folder = folder;
    server = open(0);
    port = server.getPort();
  }

  /// Makes a database, unless it exists.
  ///
  /// @return its address
  synchronized String database(String name) {
    var database = name.replace('-', '_');
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE \"" + database + "\"");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return server.getJdbcUrl("postgres", database);
  }

  /// As `kill -9` of its first process does; the others notice.
  synchronized void kill() {
    goOn();
    var processes = processes();
    if (!processes.isEmpty()) {
      processes.getFirst().destroyForcibly();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }
  }

  /// Starts it, unless it runs.
  synchronized void start() {
    if (processes().isEmpty()) {
      server = open(port);
    }
  }

  /// Stops all its processes where they are.
  synchronized void pause() {
    stopped = processes();
    signal("-STOP");
  }

  synchronized void goOn() {
    signal("-CONT");
    stopped = List.of();
  }

  @Override
  public synchronized void close() {
    goOn();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private EmbeddedPostgres open(int at) {
    var builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder)
            .setCleanDataDirectory(false)
            .setPort(at)
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("max_connections", "200");
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The first process, then all the others.
  private List<ProcessHandle> processes() {
    var file = folder.resolve("postmaster.pid");
    try {
      if (!Files.exists(file)) {
        return List.of();
      }
      var first = ProcessHandle.of(Long.parseLong(Files.readAllLines(file).getFirst().strip()));
      var all = new ArrayList<ProcessHandle>();
      first.filter(ProcessHandle::isAlive).ifPresent(all::add);
      first
          .filter(ProcessHandle::isAlive)
          .ifPresent(process -> process.descendants().forEach(all::add));
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void signal(String signal) {
    for (var process : stopped) {
      try {
        new ProcessBuilder("kill", signal, String.valueOf(process.pid()))
            .start()
            .onExit()
            .orTimeout(5, TimeUnit.SECONDS)
            .join();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
