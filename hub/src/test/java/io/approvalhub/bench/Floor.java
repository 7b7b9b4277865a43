package io.approvalhub.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.approvalhub.kit.Json;
import io.approvalhub.testkit.FakeServer;
import io.approvalhub.testkit.FakeServer.Answer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/// The least that each path needs: the same number of bare HTTP calls on the loopback, with bodies
/// of the same size, and one durable commit in between. Nothing is read, checked or written.
final class Floor implements AutoCloseable {

  private static final int WARM_UP = 200;
  private static final int SAMPLES = 300;
  private static final byte[] BODY = Json.text(Caller.raising("floor")).getBytes(UTF_8);

  private final Storage storage;
  private final Caller caller;
  private final FakeServer hub = new FakeServer();
  private final FakeServer others = new FakeServer();
  private volatile Arrivals arrivals = new Arrivals(0);

  Floor(Storage storage, Caller caller) {
    this.storage = storage;
    this.caller = caller;
    hub.aside("POST", "/calls/(\\d)", request -> answer(Integer.parseInt(request.group(1))));
    others.aside("POST", "/", _ -> arrived());
  }

  /// One call in, one commit.
  Samples answered() {
    return samples(0, true);
  }

  /// One call in, one commit, then so many calls out at once; until the last has arrived.
  Samples calls(int out) {
    return samples(out, false);
  }

  /// Approvals a second: raise with a commit, a post, a click with a commit, a decide call, an
  /// update; one after the other for each approval, several approvals at once.
  double rate(int workers, int seconds) throws InterruptedException {
    var done = new LongAdder();
    var start = System.nanoTime();
    var end = start + seconds * 1_000_000_000L;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      IntStream.range(0, workers)
          .forEach(
              _ ->
                  threads.submit(
                      () -> {
                        while (System.nanoTime() < end) {
                          caller.post(in(1), BODY);
                          caller.post(in(2), BODY);
                          done.increment();
                        }
                      }));
    }
    return done.sum() / ((System.nanoTime() - start) / 1e9);
  }

  private Samples samples(int out, boolean untilAnswered) {
    IntStream.range(0, WARM_UP).forEach(_ -> once(out, untilAnswered));
    var times = new ArrayList<Long>();
    for (var number = 0; number < SAMPLES; number++) {
      times.add(once(out, untilAnswered));
    }
    return new Samples(times);
  }

  private long once(int out, boolean untilAnswered) {
    var now = new Arrivals(out);
    arrivals = now;
    var start = System.nanoTime();
    caller.post(in(out), BODY);
    return (untilAnswered ? System.nanoTime() : now.last.join()) - start;
  }

  private Answer answer(int out) {
    storage.commit();
    var calls =
        IntStream.range(0, out)
            .mapToObj(
                _ ->
                    caller
                        .client()
                        .sendAsync(
                            HttpRequest.newBuilder(URI.create(others.address() + "/"))
                                .POST(BodyPublishers.ofByteArray(BODY))
                                .build(),
                            BodyHandlers.discarding()))
            .toList();
    calls.forEach(CompletableFuture::join);
    return Answer.of(204);
  }

  private Answer arrived() {
    arrivals.add();
    return Answer.of(204);
  }

  private URI in(int out) {
    return URI.create(hub.address() + "/calls/" + out);
  }

  @Override
  public void close() {
    hub.close();
    others.close();
  }

  /// The calls out that belong to one call in.
  private static final class Arrivals {
    private final AtomicInteger missing;
    private final CompletableFuture<Long> last = new CompletableFuture<>();

    Arrivals(int calls) {
      missing = new AtomicInteger(calls);
    }

    void add() {
      var now = System.nanoTime();
      if (missing.decrementAndGet() == 0) {
        last.complete(now);
      }
    }
  }
}
