package io.approvalhub.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Something a person did, which wants one answer within three seconds.
final class DiscordInteraction {

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int SUBMITTED = 5;

  private final ObjectNode json;
  private final long since = System.nanoTime();
  private final CompletableFuture<JsonNode> answer = new CompletableFuture<>();

  DiscordInteraction(ObjectNode json) {
    this.json = json;
  }

  String token() {
    return json.path("token").asText();
  }

  String id() {
    return json.path("id").asText();
  }

  boolean late() {
    return System.nanoTime() - since > PATIENCE.toNanos();
  }

  boolean answered() {
    return answer.isDone();
  }

  void answer(JsonNode response) {
    answer.complete(response);
  }

  /// The answer; empty when there was none in time.
  Optional<JsonNode> await() {
    try {
      return Optional.of(answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException _) {
      return Optional.empty();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What Discord refuses in an answer.
  SortedMap<String, String> problems(JsonNode response) {
    var data = response.path("data");
    return switch (response.path("type").asInt()) {
      case 4 -> DiscordLimits.answer(data);
      case 6 -> new TreeMap<>();
      case 9 -> dialog() ? wrong() : DiscordLimits.modal(data);
      default -> wrong();
    };
  }

  private boolean dialog() {
    return json.path("type").asInt() == SUBMITTED;
  }

  private static TreeMap<String, String> wrong() {
    var wrong = new TreeMap<String, String>();
    wrong.put("type", "BASE_TYPE_CHOICES");
    return wrong;
  }
}
