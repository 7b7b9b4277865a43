package io.approvalhub.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.OutOfReachException;
import io.approvalhub.plugin.Person;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import io.approvalhub.testkit.FakeHub;
import io.approvalhub.testkit.FakePlatform.Call;
import io.approvalhub.testkit.FakePlatform.Shown;
import io.approvalhub.testkit.FakeTelegram;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How updates are fetched, and what becomes of them when something breaks.
@Timeout(30)
class ListeningTest {

  private static final Person ALICE = new Person("42", "Alice");

  private final FakeTelegram telegram = FakeTelegram.polled();
  private final FakeHub store = new FakeHub("ops");

  @BeforeEach
  void allow() {
    store.allow(ALICE);
  }

  @AfterEach
  void close() {
    store.close();
    telegram.close();
  }

  @Test
  void aRestartGoesOnWhereTheLastPollWasDecided() throws IOException {
    try (var _ = start()) {
      approve(show(raise()));
    }
    var before = polls().size();
    try (var _ = start()) {
      approve(show(raise()));
      assertThat(polls().get(before).path("offset").asInt()).isEqualTo(500_000_002);
    }
    assertThat(polls().getFirst().path("offset").asInt()).isZero();
    assertThat(store.decisions()).hasSize(2);
  }

  @Test
  void aDeathBetweenDecidingAndConfirmingLeavesOneDecision() throws IOException {
    CompletableFuture<String> click;
    var approval = raise();
    try (var mortal = Node.start(store, telegram.settings(), key -> key.startsWith("next:"))) {
      var message = show(approval);
      click = CompletableFuture.supplyAsync(() -> approve(message));
      assertThat(mortal.end()).hasMessageContaining("killed before next:");
    }
    assertThat(store.decisions()).hasSize(1);
    try (var _ = start()) {
      click.join();
      assertThat(approve(message(approval))).contains("Already approved by Alice");
    }
    assertThat(store.decisions()).hasSize(1);
  }

  @Test
  void aClickWhileNobodyListensIsDecidedLater() throws IOException {
    Shown message;
    try (var _ = start()) {
      message = show(raise());
    }
    var click = CompletableFuture.supplyAsync(() -> approve(message));
    try (var _ = start()) {
      assertThat(click.join()).isEmpty();
    }
    assertThat(store.decisions()).hasSize(1);
  }

  @Test
  void aRivalIsLeftAloneForAWhile() {
    try (var node = start()) {
      await().until(() -> conflicted(node));
      assertThat(node.end())
          .isInstanceOfSatisfying(
              TryAgainException.class,
              e -> assertThat(e.delay()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(30)));
    }
    assertThat(store.troubles())
        .singleElement()
        .asString()
        .contains("listened to elsewhere", "terminated by other getUpdates request");
  }

  @Test
  void updatesAreFoundThoughTheyAreNumberedFromBelow() throws IOException {
    try (var _ = start()) {
      approve(show(raise()));
    }
    store.turn(Duration.ofDays(7));
    telegram.renumber(20);
    try (var _ = start()) {
      approve(show(raise()));
      approve(show(raise()));
    }
    assertThat(store.decisions()).hasSize(3);
    assertThat(polls().getLast().path("offset").asInt()).isEqualTo(21);
  }

  @Test
  void aRevokedTokenStopsListening() {
    telegram.revoke();
    try (var node = start()) {
      assertThat(node.end()).isInstanceOf(StoppedException.class);
    }
  }

  @Test
  void aWebhookThatWasSetBeforeIsRemoved() throws IOException {
    var settings = new HashMap<>(telegram.settings());
    settings.putAll(Map.of("mode", "webhook", "secret-token", "s3cret"));
    try (var _ = Node.start(store, settings)) {
      approve(show(raise()));
    }
    try (var node = start()) {
      approve(show(raise()));
      assertThat(node.ended()).isFalse();
    }
    assertThat(store.decisions()).hasSize(2);
  }

  @Test
  void aStoreOutOfReachLosesNoClick() throws IOException {
    CompletableFuture<String> click;
    try (var node = start()) {
      var message = show(raise());
      store.reachable(false);
      click = CompletableFuture.supplyAsync(() -> approve(message));
      assertThat(node.end()).isInstanceOf(OutOfReachException.class);
    }
    store.reachable(true);
    try (var _ = start()) {
      assertThat(click.join()).isEmpty();
    }
    assertThat(store.decisions()).hasSize(1);
  }

  @Test
  void aServerThatAnswersAtOnceWithNothingIsNotAskedAllTheTime() throws IOException {
    telegram.beHasty();
    try (var _ = start()) {
      await().until(() -> !polls().isEmpty());
      var start = System.nanoTime();
      var before = polls().size();
      await().until(() -> polls().size() >= before + 3);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(2));
      assertThat(approve(show(raise()))).isEmpty();
    }
  }

  @Test
  void whatTelegramAddsOneDayIsPassedOver() throws IOException {
    try (var _ = start()) {
      telegram.raise("message", Json.object());
      telegram.raise("message", Json.object().put("text", "approve").put("from", "nobody"));
      telegram.raise("callback_query", Json.object().put("id", "1").put("data", "ah:a:x"));
      telegram.raise("telepathy", Json.object().put("from", 42));
      approve(show(raise()));
    }
    assertThat(store.decisions()).hasSize(1);
  }

  @Test
  void everyPollIsAContact() throws IOException {
    try (var _ = start()) {
      await().until(() -> store.contacts().size() == 1);
      approve(show(raise()));
      assertThat(store.contacts()).hasSizeGreaterThan(1);
    }
  }

  private Node start() {
    return Node.start(store, telegram.settings());
  }

  private boolean conflicted(Node node) {
    telegram.rival();
    return node.ended();
  }

  private Approval raise() {
    return store.raise("delete_files", "{}");
  }

  private Shown show(Approval approval) throws IOException {
    store.show(approval);
    return message(approval);
  }

  private Shown message(Approval approval) {
    return telegram.shown().stream()
        .filter(shown -> shown.text().contains(approval.id()))
        .findFirst()
        .orElseThrow();
  }

  private String approve(Shown message) {
    return telegram.click(message, Action.APPROVE, ALICE, Optional.empty());
  }

  private List<JsonNode> polls() {
    return telegram.calls().stream()
        .filter(call -> call.name().equals("getUpdates") && call.status() == 200)
        .map(ListeningTest::body)
        .toList();
  }

  private static JsonNode body(Call call) {
    try {
      return Json.parse(call.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
