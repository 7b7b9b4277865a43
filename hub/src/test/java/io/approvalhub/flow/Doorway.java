package io.approvalhub.flow;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/// Stands between the hub and a server, and can do something at the moment a call passes: before
/// it arrives, or after it took effect and before its answer is back. That call is cut off.
final class Doorway implements AutoCloseable {

  private final URI target;
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicReference<Optional<Trap>> trap = new AtomicReference<>(Optional.empty());

  Doorway(URI target) {
    this.target = target;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::pass);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// Runs `action` instead of letting the next call pass whose path has this ending.
  void before(String ending, Runnable action) {
    trap.set(
        Optional.of(
            new Trap(path -> path.toLowerCase(Locale.ROOT).endsWith(ending), true, action)));
  }

  /// Runs `action` instead of answering the next call whose path has this ending.
  void after(String ending, Runnable action) {
    trap.set(
        Optional.of(
            new Trap(path -> path.toLowerCase(Locale.ROOT).endsWith(ending), false, action)));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    client.shutdownNow();
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      var sprung =
          trap.getAndUpdate(set -> set.filter(waiting -> !waiting.catches(exchange)))
              .filter(waiting -> waiting.catches(exchange));
      var body = exchange.getRequestBody().readAllBytes();
      if (sprung.isPresent() && sprung.get().before()) {
        sprung.get().action().run();
        return;
      }
      var answer = forward(exchange, body);
      if (sprung.isPresent()) {
        sprung.get().action().run();
        return;
      }
      answer
          .headers()
          .firstValue("content-type")
          .ifPresent(type -> exchange.getResponseHeaders().set("content-type", type));
      exchange.sendResponseHeaders(
          answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
      exchange.getResponseBody().write(answer.body());
    }
  }

  private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException {
    var request = HttpRequest.newBuilder(target.resolve(exchange.getRequestURI().toString()));
    for (var name : List.of("content-type", "x-api-key")) {
      var value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    request.method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
    try {
      return client.send(request.build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private record Trap(Predicate<String> path, boolean before, Runnable action) {
    boolean catches(HttpExchange exchange) {
      return path.test(exchange.getRequestURI().getPath());
    }
  }
}
