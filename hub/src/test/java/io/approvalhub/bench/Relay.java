package io.approvalhub.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import io.approvalhub.agent.relay.StreamingServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/// What the relay costs: 200 streams at once, direct and relayed in turn.
final class Relay implements Measurement {

  private static final int STREAMS = 200;
  private static final int FRAMES = 500;
  private static final int ROUNDS = 5;
  private static final String AGENT = "llm";
  private static final String PATH = "v1/chat/completions";
  private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");
  private static final byte[] FRAME =
      ("data: {\"choices\":[{\"delta\":{\"content\":\"" + "x".repeat(200) + "\"}}]}\n\n")
          .getBytes(UTF_8);

  private final CountDownLatch hold = new CountDownLatch(1);

  @Override
  public String name() {
    return "relay";
  }

  @Override
  public boolean concernsDatabase() {
    return false;
  }

  @Override
  public void run(Ground ground, Table table) throws Exception {
    try (var agent = new StreamingServer(this::handle);
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var hub = ground.start(ground.file().relayed(AGENT, agent.address().toString()))) {
      var direct = new Way(client, URI.create(agent.address() + "/" + PATH));
      var relayed = new Way(client, hub.address().resolve("/agents/" + AGENT + "/" + PATH));
      List.of(direct, relayed).forEach(Relay::round);
      List.of(direct, relayed).forEach(Way::forget);
      for (var number = 0; number < ROUNDS; number++) {
        List.of(direct, relayed).forEach(Relay::round);
      }
      report(ground, table, direct, relayed);
      memory(ground, table, hub, relayed);
      client.shutdownNow();
    }
    table.note(
        "relay: %d streams at once of %d frames, after one such round".formatted(STREAMS, FRAMES));
  }

  private static void report(Ground ground, Table table, Way direct, Way relayed) {
    table.add(
        Row.latency(
            "relay: first byte",
            ground.where(),
            new Samples(relayed.firstBytes),
            new Samples(direct.firstBytes),
            Bar.NONE));
    table.add(
        Row.figure("relay: throughput", ground.where(), relayed.rate(), " MB/s", Bar.NONE)
            .over(direct.rate(), " MB/s"));
  }

  private void memory(Ground ground, Table table, LaunchedHub hub, Way relayed) throws Exception {
    var heap = live(hub);
    var resident = hub.megabytes();
    var open = new ArrayList<Future<Integer>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var number = 0; number < STREAMS; number++) {
        open.add(threads.submit(() -> relayed.open("{\"model\": \"hold\", \"stream\": true}")));
      }
      for (var future : open) {
        future.get();
      }
    }
    var each = (live(hub) - heap) / 1024.0 / STREAMS;
    var grown = Math.max(0, hub.megabytes() - resident) * 1024 / STREAMS;
    hold.countDown();
    table.add(Row.figure("relay: heap per open stream", ground.where(), each, " kB", Bar.NONE));
    table.add(
        Row.figure("relay: resident per open stream", ground.where(), grown, " kB", Bar.NONE));
  }

  private static void round(Way way) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var start = System.nanoTime();
      var calls = new ArrayList<Callable<Long>>();
      for (var number = 0; number < STREAMS; number++) {
        calls.add(way::read);
      }
      for (var future : threads.invokeAll(calls)) {
        way.firstBytes.add(future.get());
      }
      way.nanos += System.nanoTime() - start;
      way.rounds++;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// The bytes that are in use on the heap of a hub, after it was cleaned.
  private static long live(LaunchedHub hub) throws IOException {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var process =
        new ProcessBuilder(jcmd, String.valueOf(hub.pid()), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    try (var output = process.inputReader()) {
      var total = TOTAL.matcher(output.readAllAsString());
      return total.find() ? Long.parseLong(total.group(1)) : 0;
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    write(exchange, body.contains("hold") ? 1 : FRAMES);
    if (body.contains("hold")) {
      await();
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

  /// One way to the agent.
  private static final class Way {
    private final HttpClient client;
    private final URI uri;
    private final List<Long> firstBytes = new ArrayList<>();
    private long nanos;
    private int rounds;

    Way(HttpClient client, URI uri) {
      this.client = client;
      this.uri = uri;
    }

    void forget() {
      firstBytes.clear();
      nanos = 0;
      rounds = 0;
    }

    double rate() {
      return (double) rounds * STREAMS * FRAMES * FRAME.length / 1e6 / (nanos / 1e9);
    }

    /// @return when the first byte came, in nanoseconds
    long read() throws IOException, InterruptedException {
      var start = System.nanoTime();
      var answer = client.send(request("{\"stream\": true}"), BodyHandlers.ofInputStream());
      try (var body = answer.body()) {
        if (body.read() < 0) {
          throw new IOException(uri + " answered " + answer.statusCode() + " and nothing");
        }
        var first = System.nanoTime() - start;
        body.transferTo(OutputStream.nullOutputStream());
        return first;
      }
    }

    /// Opens a stream, reads one byte and leaves it open.
    int open(String body) throws IOException, InterruptedException {
      return client.send(request(body), BodyHandlers.ofInputStream()).body().read();
    }

    private HttpRequest request(String body) {
      return HttpRequest.newBuilder(uri)
          .header("X-API-Key", AGENT)
          .header("Content-Type", "application/json")
          .POST(BodyPublishers.ofString(body))
          .build();
    }
  }
}
