package io.approvalhub.flow;

import static org.awaitility.Awaitility.await;

import io.approvalhub.Ports;
import io.approvalhub.TestHub;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The hub as a process of its own, which can be killed at any moment and started again on the same
/// data and port.
public final class HubProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final List<String> options;
  private final Map<String, String> environment;
  private final int port = Ports.free();
  private volatile Process process;

  public HubProcess(Path folder, String configuration) {
    this(folder, configuration, List.of(), Map.of());
  }

  /// @param options for Java
  /// @param environment what it has besides that of the tests
  public HubProcess(
      Path folder, String configuration, List<String> options, Map<String, String> environment) {
    this.folder = folder;
    this.options = options;
    this.environment = environment;
    TestHub.file(folder, configuration);
    process = spawn();
    awaitReady();
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /// As `kill -9` does; returns when the process is gone.
  public void kill() {
    process.destroyForcibly();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }

  /// Stops it in the middle of whatever it does, as a machine without time for it would.
  public void pause() {
    signal("STOP");
  }

  /// Lets it go on.
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What it has logged.
  public String log() {
    try {
      return Files.readString(folder.resolve("hub.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts it again; returns when it answers.
  public void restart() {
    process = spawn();
    awaitReady();
  }

  /// Ends it as an operator does.
  ///
  /// @return its exit code
  public int end() {
    process.destroy();
    return process.onExit().orTimeout(10, TimeUnit.SECONDS).join().exitValue();
  }

  /// The body of an answer to GET with this key.
  public String get(String key, String path) {
    return call(key, HttpRequest.newBuilder(address().resolve(path)));
  }

  /// The body of an answer to POST with this key.
  public String post(String key, String path, String body) {
    var request = HttpRequest.newBuilder(address().resolve(path));
    return call(key, request.POST(BodyPublishers.ofString(body)));
  }

  private static String call(String key, HttpRequest.Builder request) {
    request.header("X-API-Key", key);
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }

  private void awaitReady() {
    await().atMost(PATIENCE).until(this::isReady);
  }

  private boolean isReady() throws InterruptedException {
    if (!process.isAlive()) {
      throw new IllegalStateException("the hub ended; see " + folder.resolve("hub.log"));
    }
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(address().resolve("/health")).build();
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  private Process spawn() {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(options);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "io.approvalhub.Application",
            "serve",
            "--config",
            folder.resolve("hub.yml").toString(),
            "--port",
            String.valueOf(port)));
    var output = ProcessBuilder.Redirect.appendTo(folder.resolve("hub.log").toFile());
    try {
      var builder = new ProcessBuilder(command).directory(folder.toFile());
      builder.environment().putAll(environment);
      return builder.redirectErrorStream(true).redirectOutput(output).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
