package io.approvalhub.breaking;

import static org.awaitility.Awaitility.await;

import io.approvalhub.SkewedClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A hub as a process of its own, which can be killed, paused and starved. Once it has ended it is
/// started again on the same data and port, as a service manager would.
final class Node implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Duration END = Duration.ofSeconds(12);
  private static final Duration LEARNING = Duration.ofMinutes(2);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    // whoever interrupts the harness wants no hubs left behind
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform().unstarted(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private static final int LOWEST_PORT = 20_000;
  private static final int HIGHEST_PORT = 30_000;
  private static final Set<Integer> TAKEN = ConcurrentHashMap.newKeySet();

  private final Installation installation;
  private final Path folder;
  private final Journal journal;
  private final String name;
  private final int port = freePort();
  private final SkewedClock clock;
  private @Nullable Process process;
  private boolean paused;

  Node(Installation installation, Path folder, String configuration, Journal journal) {
    this.installation = installation;
    this.folder = folder;
    this.journal = journal;
    name = folder.getFileName().toString();
    try {
      Files.createDirectories(folder.resolve("tmp"));
      Files.writeString(folder.resolve("hub.yml"), configuration);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    clock = new SkewedClock(folder.resolve("clock"));
  }

  int port() {
    return port;
  }

  Path folder() {
    return folder;
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /// Starts it, unless it runs.
  synchronized void start() {
    if (process == null || !process.isAlive()) {
      process = spawn(command -> command);
      paused = false;
    }
  }

  /// Waits until it answers; one that ended meanwhile is started again.
  void awaitReady() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              start();
              return isReady();
            });
  }

  /// As `kill -9` does; returns when the process is gone.
  synchronized void kill() {
    if (process != null) {
      process.destroyForcibly();
      process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }
  }

  /// Ends it as an operator does, and kills it where that does not help.
  synchronized void end() {
    if (process == null || paused) {
      return;
    }
    process.destroy();
    try {
      if (!process.waitFor(END)) {
        journal.write(name + " did not end within " + END);
        kill();
      } else if (process.exitValue() != 0) {
        journal.write(name + " ended with " + process.exitValue());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized void pause() {
    signal("-STOP");
    paused = true;
  }

  synchronized void goOn() {
    if (paused) {
      signal("-CONT");
      paused = false;
    }
  }

  /// Lets no file grow beyond the size that the journal of its database has now: what a full disk
  /// is to SQLite, without the right to mount one.
  synchronized void fill() {
    try {
      var log = folder.resolve("data/hub.db-wal");
      limit(Files.exists(log) ? String.valueOf(Files.size(log)) : "0");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Makes room again.
  synchronized void empty() {
    limit("unlimited");
  }

  void jump(Duration by) {
    clock.jump(by);
  }

  /// Starts it once with another command and ends it, which may take long since it has learnt
  /// something.
  synchronized void learn(UnaryOperator<List<String>> command) {
    var pupil = spawn(command);
    process = pupil;
    await().atMost(PATIENCE).until(this::isReady);
    pupil.destroy();
    pupil.onExit().orTimeout(LEARNING.toSeconds(), TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    kill();
  }

  private boolean isReady() {
    try {
      var request =
          HttpRequest.newBuilder(address().resolve("/health")).timeout(Duration.ofSeconds(2));
      return HTTP.send(request.build(), BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Process spawn(UnaryOperator<List<String>> change) {
    var command = installation.command(folder, port);
    var output = ProcessBuilder.Redirect.appendTo(folder.resolve("hub.log").toFile());
    journal.write(name + " starts");
    var hub =
        run(
            new ProcessBuilder(change.apply(command))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output));
    RUNNING.add(hub);
    hub.onExit().thenAccept(RUNNING::remove);
    return hub;
  }

  private void limit(String bytes) {
    if (process != null && process.isAlive()) {
      tool("prlimit", "--pid", String.valueOf(process.pid()), "--fsize=" + bytes + ":unlimited");
    }
  }

  private void signal(String signal) {
    if (process != null && process.isAlive()) {
      tool("kill", signal, String.valueOf(process.pid()));
    }
  }

  private static void tool(String... command) {
    run(new ProcessBuilder(command).inheritIO()).onExit().orTimeout(5, TimeUnit.SECONDS).join();
  }

  private static Process run(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A port that the system gives to nobody else while the hub is down, and that no other run has:
  /// its clients would be served here.
  private static int freePort() {
    while (true) {
      var candidate = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
      try (var socket = new ServerSocket(candidate, 1, InetAddress.getByName("127.0.0.1"))) {
        if (TAKEN.add(candidate)) {
          return socket.getLocalPort();
        }
      } catch (IOException _) {
        // somebody has it
      }
    }
  }
}
