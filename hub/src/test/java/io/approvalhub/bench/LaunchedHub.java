package io.approvalhub.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.approvalhub.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The hub as its users start it, by `hub/approval-hub serve`.
final class LaunchedHub implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final long GLANCE = 1_000_000;
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform().unstarted(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private final Process process;
  private final int port;
  private final Duration toReady;

  private LaunchedHub(Process process, int port) {
    this.process = process;
    this.port = port;
    RUNNING.add(process);
    toReady = awaitReady();
  }

  /// Starts a hub and waits until it says that it is well.
  ///
  /// @param folder for its configuration, log and data
  static LaunchedHub start(Path folder, HubFile file) throws IOException {
    var config = Files.writeString(Files.createDirectories(folder).resolve("hub.yml"), file.text());
    var port = Ports.free();
    return new LaunchedHub(
        run(
            folder,
            "hub.log",
            "serve",
            "--config",
            config.toString(),
            "--port",
            String.valueOf(port)),
        port);
  }

  /// Has the launcher make what it makes once, which is no part of any start that is measured.
  static void prepare(Path folder) throws IOException, InterruptedException {
    var process = run(Files.createDirectories(folder), "prepare.log", "help");
    if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new IOException("the launcher does not work; see " + folder.resolve("prepare.log"));
    }
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + port);
  }

  long pid() {
    return process.pid();
  }

  /// From the launch to the first good answer.
  Duration toReady() {
    return toReady;
  }

  /// Its resident memory.
  double megabytes() {
    return megabytes(process.pid());
  }

  /// The processor time that it has used so far, in milliseconds.
  double processorMillis() {
    return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e6;
  }

  static double megabytes(long pid) {
    try (var lines = Files.lines(Path.of("/proc", String.valueOf(pid), "status"))) {
      return lines
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .findFirst()
              .orElseThrow()
          / 1024.0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().completeOnTimeout(process, 15, TimeUnit.SECONDS).join().destroyForcibly();
    RUNNING.remove(process);
  }

  static Process run(Path folder, String log, String... words) throws IOException {
    var command = new ArrayList<String>();
    command.add(launcher().toString());
    command.addAll(List.of(words));
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(log).toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }

  private static Path launcher() {
    return Path.of(System.getProperty("bench.launcher", "approval-hub")).toAbsolutePath();
  }

  private Duration awaitReady() {
    var start = System.nanoTime();
    while (!isReady(port)) {
      if (!process.isAlive() || System.nanoTime() - start > PATIENCE.toNanos()) {
        close();
        throw new IllegalStateException("the hub did not start; see its hub.log");
      }
      LockSupport.parkNanos(GLANCE);
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  static boolean isReady(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5000);
      var call = "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(call.getBytes(UTF_8));
      var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      return String.valueOf(answer.readLine()).startsWith("HTTP/1.1 200");
    } catch (IOException _) {
      return false;
    }
  }
}
