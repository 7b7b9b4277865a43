package io.approvalhub.breaking;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.approvalhub.kit.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// The clients of the relayed agent: each reads a stream to its end, and asks for a new one where
/// that breaks off. Some lose patience and hang up.
final class Streams implements AutoCloseable {

  private static final String PATH = "/agents/relayed/v1/chat/completions";
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final int PAUSE_MILLIS = 100;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Journal journal;
  private final Set<String> read = ConcurrentHashMap.newKeySet();
  private final Set<String> raised = ConcurrentHashMap.newKeySet();
  private final Set<String> over = ConcurrentHashMap.newKeySet();

  Streams(Journal journal) {
    this.journal = journal;
  }

  /// Reads until a stream has come to its end, or the client's patience has.
  void read(Job job, URI hub) throws InterruptedException {
    var patience = job.expiresIn().map(Duration::ofSeconds).orElse(LONGEST);
    var end = System.nanoTime() + patience.toNanos();
    while (!attempt(job, hub, end)) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    over.add(job.name());
  }

  /// Whether the client will not ask again.
  boolean isOver(Job job) {
    return over.contains(job.name());
  }

  /// Whether a client reads the stream of this attempt.
  boolean isRead(Job attempt) {
    return read.contains(attempt.name());
  }

  /// Whether the client knows that the hub must know: it read on after the agent had asked. A
  /// client that has not come so far goes on until it does.
  boolean raised(Job attempt) {
    return raised.contains(attempt.name())
        || (Jobs.isFirst(attempt.name()) && !over.contains(attempt.name()));
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  /// @return whether there is no need for another
  private boolean attempt(Job job, URI hub, long end) throws InterruptedException {
    var left = end - System.nanoTime();
    if (left <= 0) {
      return true;
    }
    var body = Json.object().put("model", "numbered:" + job.name()).put("stream", true);
    var request =
        HttpRequest.newBuilder(hub.resolve(PATH))
            .timeout(Duration.ofNanos(left))
            .headers("X-API-Key", job.source().agent(), "Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Json.text(body)))
            .build();
    try (var stream = client.send(request, BodyHandlers.ofInputStream()).body()) {
      return read(job, stream, end);
    } catch (IOException _) {
      return false;
    }
  }

  private boolean read(Job job, InputStream stream, long end) throws IOException {
    var name = "";
    try {
      var lines = new BufferedReader(new InputStreamReader(stream, UTF_8));
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (System.nanoTime() > end) {
          journal.write("hung up " + job.name() + " " + name);
          return true;
        }
        if (line.equals("data: [DONE]")) {
          journal.write("read to its end " + job.name() + " " + name);
          return true;
        }
        if (line.startsWith(":")) {
          raised.add(name);
        }
        for (var mentioned : Jobs.mentioned(line)) {
          name = mentioned;
          read.add(name);
        }
      }
      return false;
    } finally {
      journal.write("stream over " + job.name() + " " + name);
      read.remove(name);
    }
  }
}
