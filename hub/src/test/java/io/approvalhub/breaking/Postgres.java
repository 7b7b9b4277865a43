package io.approvalhub.breaking;

import static java.lang.ProcessBuilder.Redirect.DISCARD;
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

/// A real PostgreSQL for one run, which can be killed and paused. It commits as carefully as the
/// hub asks; only the machine must not fail, since it does not wait for the disk.
final class Postgres implements AutoCloseable {

  private static final Duration LONGEST = Duration.ofSeconds(20);

  private final Path folder;
  private final EmbeddedPostgres server;
  private List<ProcessHandle> stopped = List.of();

  Postgres(Path folder) {
    this.folder = folder;
    try {
      server =
          EmbeddedPostgres.builder()
              .setDataDirectory(folder)
              .setPGStartupWait(Duration.ofMinutes(1))
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("max_connections", "200")
              .setOutputRedirector(DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
      await().atMost(LONGEST).until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }
  }

  /// Starts it, unless it runs.
  synchronized void start() {
    if (processes().isEmpty()) {
      restart();
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

  /// With the options of its first start.
  private void restart() {
    try {
      var first = Files.readString(folder.resolve("postmaster.opts")).split(" ", 2)[0];
      var control = Path.of(first).resolveSibling("pg_ctl").toString();
      var log = folder.resolveSibling("postgresql.log").toString();
      var command = new ArrayList<String>();
      if (System.getProperty("user.name").equals("root")) {
        // It refuses to run as root.
        command.addAll(List.of("unshare", "-U"));
      }
      command.addAll(List.of(control, "-D", folder.toString(), "-l", log, "-w", "restart"));
      run(command.toArray(String[]::new));
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
    stopped.forEach(process -> run("kill", signal, String.valueOf(process.pid())));
  }

  private static void run(String... command) {
    try {
      new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(DISCARD)
          .start()
          .onExit()
          .orTimeout(LONGEST.toSeconds(), TimeUnit.SECONDS)
          .join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
