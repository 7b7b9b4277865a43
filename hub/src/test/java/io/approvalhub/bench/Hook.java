package io.approvalhub.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.DecideCall;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.StandardWebhook;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Person;
import io.approvalhub.testkit.FakePlatform.Call;
import io.approvalhub.testkit.FakeWebhookReceiver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// A receiver of webhooks, on which no pace is kept: it remembers when it was shown each tool, and
/// when it was shown the end.
final class Hook implements AutoCloseable {

  static final String CHANNEL = "hook";

  private final FakeWebhookReceiver receiver = new FakeWebhookReceiver();
  private final Map<String, Copy> copies = new ConcurrentHashMap<>();

  Hook() {
    receiver.onCall(this::saw);
  }

  void configure(HubFile file, String agent) {
    file.channel(CHANNEL, "webhook", agent, receiver.settings());
  }

  /// What it is shown about this tool.
  Copy copy(String tool) {
    return copies.computeIfAbsent(tool, _ -> new Copy());
  }

  /// How many tools it was shown.
  long shown() {
    return copies.values().stream().filter(copy -> copy.posted.isDone()).count();
  }

  /// How many it was shown to the end: decided, and the agent told.
  long ended() {
    return copies.values().stream().filter(copy -> copy.ended.isDone()).count();
  }

  /// A signed press of a button, to be sent to a hub.
  HttpRequest click(URI hub, Posted posted, Action action) {
    var person = new Person(Optional.ofNullable(HubFile.IDS.get("webhook")).orElseThrow(), "Alice");
    var key = StandardWebhook.key(String.valueOf(receiver.settings().get("secret"))).orElseThrow();
    var button = new io.approvalhub.plugin.Button(posted.token(), action).data();
    var id = "msg_" + UUID.randomUUID();
    var call = DecideCall.signed(key, id, Instant.now(), DecideCall.body(button, person));
    var request = HttpRequest.newBuilder(hub.resolve("/channels/" + CHANNEL));
    call.headers().forEach((name, values) -> request.header(name, values.getFirst()));
    return request.POST(BodyPublishers.ofByteArray(call.body())).build();
  }

  private void saw(Call call) {
    var now = System.nanoTime();
    if (call.status() / 100 != 2) {
      return;
    }
    var data = read(call).path("data");
    var copy = copy(data.path("tool_name").asText());
    copy.posted.complete(new Posted(now, data.path("token").asText()));
    if (data.path("delivered").asText().equals("delivered")) {
      copy.ended.complete(now);
    }
  }

  private static JsonNode read(Call call) {
    try {
      return Json.parse(call.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    receiver.close();
  }

  /// What was shown first.
  ///
  /// @param at by [System#nanoTime]
  record Posted(long at, String token) {}

  /// One approval as it is shown here.
  static final class Copy {
    final CompletableFuture<Posted> posted = new CompletableFuture<>();
    final CompletableFuture<Long> ended = new CompletableFuture<>();
  }
}
