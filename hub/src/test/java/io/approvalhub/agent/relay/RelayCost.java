package io.approvalhub.agent.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Measures what the relay costs: 200 streams at once, direct and relayed in turn, in one run.
// Agent,
/// hub and clients share this process. Prints a table.
final class RelayCost {

  private static final int STREAMS = 200;
  private static final int FRAMES = 500;
  private static final int ROUNDS = 5;
  private static final byte[] FRAME =
      ("data: {\"choices\":[{\"delta\":{\"content\":\"" + "x".repeat(200) + "\"}}]}\n\n")
          .getBytes(UTF_8);

  private final CountDownLatch hold = new CountDownLatch(1);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private RelayCost() {}

  static void main() throws Exception {
    new RelayCost().run();
  }

  private void run() throws Exception {
    try (var agent = new StreamingServer(this::handle);
        var relay =
            RelayClient.start(
                Files.createTempDirectory("relay"),
                "type: mistralrs, url: '%s'".formatted(agent.address()))) {
      var direct = URI.create(agent.address() + "/v1/chat/completions");
      var relayed = relay.hub().address().resolve("/agents/llm/v1/chat/completions");
      row("warm-up, direct", round(direct));
      row("warm-up, relayed", round(relayed));
      for (var number = 0; number < ROUNDS; number++) {
        row("direct", round(direct));
        row("relayed", round(relayed));
      }
      System.out.printf("memory per open stream: direct %d kB, ", memory(direct) / 1024);
      System.out.printf("relayed %d kB%n", memory(relayed) / 1024);
      hold.countDown();
    }
  }

  private static void row(String what, Result result) {
    System.out.printf(
        "%-16s first byte p50 %6.1f ms p95 %6.1f ms, %6.1f MB/s%n",
        what,
        result.firstByte()[STREAMS / 2] / 1e6,
        result.firstByte()[STREAMS * 95 / 100] / 1e6,
        (double) STREAMS * FRAMES * FRAME.length / 1e6 / (result.nanos() / 1e9));
  }

  private Result round(URI uri) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var start = System.nanoTime();
      var calls = new ArrayList<Callable<Long>>();
      for (var number = 0; number < STREAMS; number++) {
        calls.add(() -> read(uri));
      }
      var times = new long[STREAMS];
      var futures = threads.invokeAll(calls);
      for (var number = 0; number < STREAMS; number++) {
        times[number] = futures.get(number).get();
      }
      Arrays.sort(times);
      return new Result(times, System.nanoTime() - start);
    }
  }

  private long read(URI uri) throws Exception {
    var start = System.nanoTime();
    var answer = client.send(request(uri, "{\"stream\": true}"), BodyHandlers.ofInputStream());
    try (var body = answer.body()) {
      body.read();
      var first = System.nanoTime() - start;
      body.transferTo(OutputStream.nullOutputStream());
      return first;
    }
  }

  /// With the streams open and silent.
  private long memory(URI uri) throws Exception {
    var before = used();
    var open = new ArrayList<Future<Integer>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var number = 0; number < STREAMS; number++) {
        open.add(
            threads.submit(
                () ->
                    client
                        .send(
                            request(uri, "{\"model\": \"hold\", \"stream\": true}"),
                            BodyHandlers.ofInputStream())
                        .body()
                        .read()));
      }
      for (var future : open) {
        future.get();
      }
      return (used() - before) / STREAMS;
    }
  }

  private static HttpRequest request(URI uri, String body) {
    return HttpRequest.newBuilder(uri)
        .header("X-API-Key", "app")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static long used() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private void handle(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    if (body.contains("hold")) {
      write(exchange, 1);
      await();
    } else {
      write(exchange, FRAMES);
    }
  }

  private static void write(HttpExchange exchange, int frames) throws IOException {
    for (var number = 0; number < frames; number++) {
      exchange.getResponseBody().write(FRAME);
      exchange.getResponseBody().flush();
    }
  }

  private void await() throws IOException {
    try {
      hold.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Result(long[] firstByte, long nanos) {}
}
