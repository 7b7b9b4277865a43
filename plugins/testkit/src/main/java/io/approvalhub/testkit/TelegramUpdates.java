package io.approvalhub.testkit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What Telegram keeps for a bot until a poll confirmed it or a webhook took it.
final class TelegramUpdates implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(20);

  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<Integer, ObjectNode> waiting = new LinkedHashMap<>();
  private @Nullable Webhook webhook;
  private String conflict = "";
  private boolean hasty;
  private int polls;
  private int next = 500_000_001;

  /// Where updates are delivered instead of being polled.
  record Webhook(URI url, String secret) {}

  /// Keeps an update of one kind, such as `message`.
  ///
  /// @return its id
  synchronized int add(String kind, ObjectNode content) {
    var update = Json.object().put("update_id", next);
    update.set(kind, content);
    waiting.put(next, update);
    notifyAll();
    return next++;
  }

  /// Goes on with another number, as Telegram does after a week without updates.
  synchronized void renumber(int id) {
    next = id;
  }

  synchronized void beHasty() {
    hasty = true;
    conflict();
  }

  /// Whether the bot has confirmed or taken this update.
  synchronized boolean taken(int id) {
    return !waiting.containsKey(id);
  }

  /// The first updates from `offset` on, as soon as there are any. Those before it are confirmed,
  /// and another poll that still waits ends with a conflict.
  synchronized ArrayNode poll(int offset, int limit, Duration timeout)
      throws TelegramRefusal, InterruptedException {
    if (webhook != null) {
      throw conflict(
          "can't use getUpdates method while webhook is active; use deleteWebhook to delete the"
              + " webhook first");
    }
    if (offset > 0) {
      waiting.keySet().removeIf(id -> id < offset);
    }
    notifyAll();
    if (from(offset).isEmpty() && !timeout.isZero() && !hasty) {
      await(offset, timeout);
    }
    var updates = Json.array();
    from(offset).stream().limit(limit).forEach(update -> updates.add(update.deepCopy()));
    return updates;
  }

  /// Ends a poll that waits, as another program that polls the same bot would.
  synchronized void conflict() {
    interruptPoll(
        "terminated by other getUpdates request; make sure that only one bot instance is running");
  }

  /// Delivers to `address` from now on.
  synchronized void deliver(URI url, String secret) {
    interruptPoll("terminated by setWebhook request");
    var hook = new Webhook(url, secret);
    if (!hook.equals(webhook)) {
      webhook = hook;
      Thread.ofVirtual().name("telegram-webhook").start(() -> deliver(hook));
    }
  }

  synchronized void stopDelivering() {
    webhook = null;
    notifyAll();
  }

  synchronized Optional<Webhook> webhook() {
    return Optional.ofNullable(webhook);
  }

  synchronized int count() {
    return waiting.size();
  }

  @Override
  public void close() {
    stopDelivering();
    conflict();
    client.close();
  }

  private List<ObjectNode> from(int offset) {
    return waiting.entrySet().stream()
        .filter(update -> update.getKey() >= offset)
        .map(Map.Entry::getValue)
        .toList();
  }

  private void await(int offset, Duration timeout) throws TelegramRefusal, InterruptedException {
    conflict();
    var mine = ++polls;
    var end = System.nanoTime() + timeout.toNanos();
    while (from(offset).isEmpty() && mine == polls && System.nanoTime() < end) {
      wait(Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis()));
    }
    if (mine != polls) {
      throw conflict(conflict);
    }
  }

  private void interruptPoll(String why) {
    conflict = why;
    polls++;
    notifyAll();
  }

  private static TelegramRefusal conflict(String why) {
    return new TelegramRefusal(409, "Conflict: " + why);
  }

  private void deliver(Webhook hook) {
    try {
      for (var update = first(hook); update != null; update = first(hook)) {
        if (taken(hook, update)) {
          remove(update);
        } else {
          Thread.sleep(PAUSE);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized @Nullable ObjectNode first(Webhook hook) throws InterruptedException {
    while (hook.equals(webhook) && waiting.isEmpty()) {
      wait();
    }
    return hook.equals(webhook) ? waiting.values().iterator().next() : null;
  }

  private boolean taken(Webhook hook, ObjectNode update) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(hook.url)
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Json.text(update)));
    if (!hook.secret.isEmpty()) {
      request.header("X-Telegram-Bot-Api-Secret-Token", hook.secret);
    }
    try {
      return client.send(request.build(), BodyHandlers.discarding()).statusCode() / 100 == 2;
    } catch (IOException _) {
      return false;
    }
  }

  private synchronized void remove(ObjectNode update) {
    waiting.remove(update.path("update_id").asInt());
    notifyAll();
  }
}
