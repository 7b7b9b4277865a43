package io.approvalhub.bench;

import io.approvalhub.testkit.FakeServer;
import io.approvalhub.testkit.FakeServer.Answer;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// An agent that waits to be told: it remembers when the decide call about each tool arrived, and
/// how many there were.
final class ToldAgent implements AutoCloseable {

  private final FakeServer server = new FakeServer();
  private final Map<String, CompletableFuture<Long>> told = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> calls = new ConcurrentHashMap<>();

  ToldAgent() {
    server.aside(
        "POST",
        "/told/(\\w+)",
        request -> {
          var now = System.nanoTime();
          var tool = request.group(1);
          calls.computeIfAbsent(tool, _ -> new LongAdder()).increment();
          of(tool).complete(now);
          return Answer.of(204);
        });
  }

  /// Where it is called, with the tool at the end.
  URI address() {
    return URI.create(server.address() + "/told/");
  }

  /// When the first decide call about this tool arrived, by [System#nanoTime].
  CompletableFuture<Long> of(String tool) {
    return told.computeIfAbsent(tool, _ -> new CompletableFuture<>());
  }

  /// How many decide calls about this tool arrived.
  long calls(String tool) {
    return calls.getOrDefault(tool, new LongAdder()).sum();
  }

  /// The tools about which more than one call arrived.
  long repeated() {
    return calls.values().stream().filter(count -> count.sum() > 1).count();
  }

  @Override
  public void close() {
    server.close();
  }
}
