package io.approvalhub.agent.aar;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// A Python process with an agent like Aar, which asks the hub through `approval_hub.py`.
public final class FakeAar implements AutoCloseable {

  private static final Path SHIM = Path.of("..", "config", "agents", "aar").toAbsolutePath();
  private static final Path SCRIPT =
      Path.of("src", "test", "resources", "aar", "fake_aar.py").toAbsolutePath();

  private final Process process;
  private final BufferedWriter in;
  private final Map<Integer, CompletableFuture<JsonNode>> results = new ConcurrentHashMap<>();

  private FakeAar(Process process) {
    this.process = process;
    in = process.outputWriter();
    Thread.ofVirtual().start(this::read);
  }

  /// @param options of the callback, as JSON
  public static FakeAar start(URI hub, String key, String options) {
    var builder =
        new ProcessBuilder("python3", SCRIPT.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("PYTHONPATH", SHIM.toString());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    builder.environment().putAll(Map.of("HUB", hub.toString(), "KEY", key, "OPTIONS", options));
    try {
      return new FakeAar(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A client's request, in which the model makes these calls.
  ///
  /// @param turns each turn as an array of tool calls
  /// @param more fields of the request
  void chat(int request, String turns, String more) {
    result(request);
    write("{\"request\": %d, \"turns\": %s%s}".formatted(request, turns, more));
  }

  public void chat(int request, String turns) {
    chat(request, turns, "");
  }

  /// The run of a request is cancelled.
  void cancel(int request) {
    write("{\"cancel\": " + request + "}");
  }

  public boolean isOver(int request) {
    return result(request).isDone();
  }

  /// Waits for the end of a request: what its tools put out.
  JsonNode results(int request) {
    try {
      return result(request).get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("request " + request + " did not end", e);
    }
  }

  /// Waits for the end of a request with one tool call: what that put out.
  public String output(int request) {
    return results(request).path(0).path("output").asText();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private CompletableFuture<JsonNode> result(int request) {
    return results.computeIfAbsent(request, _ -> new CompletableFuture<>());
  }

  private void write(String line) {
    try {
      in.write(line + "\n");
      in.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader out = process.inputReader()) {
      for (var line = out.readLine(); line != null; line = out.readLine()) {
        var answer = Json.parse(line);
        result(answer.path("request").asInt()).complete(answer.path("results"));
      }
    } catch (IOException _) {
      // the process was ended: whoever still waits gives up by itself
    }
  }
}
