package io.approvalhub.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.TestClock;
import io.approvalhub.TestHub;
import io.approvalhub.agent.hivegate.FakeHiveGate;
import io.approvalhub.approval.Desk;
import io.approvalhub.approval.Outbox;
import io.approvalhub.connection.Contacts;
import io.approvalhub.database.Database;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.WebhookEvent;
import io.approvalhub.plugin.Approval.Ballot;
import io.approvalhub.plugin.Approval.Status;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Verdict;
import io.approvalhub.testkit.FakePlatform.Call;
import io.approvalhub.testkit.FakePlatform.Trouble;
import io.approvalhub.testkit.FakeWebhookReceiver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the courier does on every database; clock and courier are turned by hand.
abstract class CourierContract {

  @TempDir private Path folder;
  private final FakeWebhookReceiver first = new FakeWebhookReceiver(this::now);
  private final FakeWebhookReceiver second = new FakeWebhookReceiver(this::now);
  private TestHub hub;

  private Map<String, Object> database = Map.of();

  /// The settings of the database, which is empty.
  abstract Map<String, Object> database();

  @BeforeEach
  void start() {
    database = database();
    hub =
        TestHub.start(
            folder, configuration(channel("one", first) + channel("two", second)), true, database);
  }

  @AfterEach
  void stop() {
    hub.close();
    first.close();
    second.close();
  }

  @Test
  void everyChannelIsShownTheApprovalAndThenHowItEnded() {
    var id = hub.raise("rm", "{}");
    turn();
    assertThat(shown(first)).containsExactly("pending");

    hub.post("alice", "/v2/approvals/" + id + "/deny", "");
    turn();

    assertThat(shown(first)).containsExactly("denied");
    assertThat(shown(second)).containsExactly("denied");
    assertThat(first.shown().getFirst().buttons()).isEmpty();
  }

  @Test
  void whenLittleTimeIsLeftEveryCopyIsBroughtUp() {
    hub.post(
        "ci", "/v2/approvals", "{\"tool_name\": \"rm\", \"tool_args\": {}, \"expires_in\": 720}");
    turn();
    assertThat(versions(first)).containsExactly(1);

    keepTime(Duration.ofSeconds(539));
    assertThat(versions(first)).containsExactly(1);

    keepTime(Duration.ofSeconds(1));
    assertThat(versions(first)).containsExactly(1, 2);
    assertThat(shown(second)).containsExactly("pending");

    keepTime(Duration.ofSeconds(180));
    assertThat(versions(first)).containsExactly(1, 2, 3);
    assertThat(shown(second)).containsExactly("expired");
  }

  @Test
  void whatWasDecidedIsNotRemindedOf() {
    var answer =
        hub.post(
            "ci",
            "/v2/approvals",
            "{\"tool_name\": \"rm\", \"tool_args\": {}, \"expires_in\": 720}");
    hub.post("alice", "/v2/approvals/" + answer.json().path("job_id").asText() + "/deny", "");
    turn();

    keepTime(Duration.ofSeconds(600));

    assertThat(shown(first)).isEmpty();
  }

  @Test
  void votesStandOnEveryCopyWhileMoreMustApprove() {
    var two = new HashMap<>(database);
    two.put("micronaut.test.quorum", true);
    hub.close();
    hub =
        TestHub.start(
            folder, configuration(channel("one", first) + channel("two", second)), true, two);
    var id = hub.raise("rm", "{}");
    turn();

    hub.post("alice", "/v2/approvals/" + id + "/approve", "");
    turn();

    var event = WebhookEvent.approval(first.events().getLast());
    assertThat(event.tally().quorum()).isEqualTo(2);
    assertThat(event.tally().ballots())
        .extracting(Ballot::by, Ballot::via, Ballot::verdict)
        .containsExactly(tuple("alice", "api", Verdict.APPROVE));
    hub.post("bob", "/v2/approvals/" + id + "/approve", "");
    turn();
    event = WebhookEvent.approval(second.events().getLast());
    assertThat(event.status()).isEqualTo(Status.APPROVED);
    assertThat(event.tally().ballots()).extracting(Ballot::by).containsExactly("alice", "bob");
  }

  @Test
  void onlyTheNewestVersionIsSent() {
    var id = hub.raise("rm", "{}");
    turn();
    hub.post("alice", "/v2/approvals/" + id + "/approve", "");
    hub.get("ci", "/v2/approvals/" + id);

    turn();

    assertThat(first.calls()).hasSize(2);
    assertThat(first.events().getFirst().path("data").path("delivered").asText())
        .isEqualTo("delivered");
  }

  @Test
  void whatWasDecidedBeforeItWasPostedIsNeverPosted() {
    first.trouble(Trouble.BROKEN, 1);
    var id = hub.raise("rm", "{}");
    turn();
    hub.post("alice", "/v2/approvals/" + id + "/approve", "");

    later(Duration.ofMinutes(2));

    assertThat(first.events())
        .extracting(event -> event.path("type").asText())
        .containsExactly("approval.updated");
    assertThat(shown(second)).containsExactly("approved");
  }

  @Test
  void aMessageThatComesLateIsBroughtUp() {
    var id = hub.raise("rm", "{}");
    var outbox = hub.bean(Outbox.class);
    var late = outbox.claim("channel:one", now(), true).orElseThrow();
    outbox.release("channel:one", List.of());
    hub.post("alice", "/v2/approvals/" + id + "/deny", "");
    turn();
    assertThat(shown(first)).isEmpty();

    var message = new MessageRef("one", late.token());
    var beside = outbox.shown(late, Optional.of(message));
    turn();

    assertThat(beside).isFalse();
    assertThat(shown(first)).containsExactly("denied");
  }

  @Test
  void anUpdateThatComesLateIsFollowedByTheNewest() {
    var id = hub.raise("rm", "{}");
    turn();
    hub.post("alice", "/v2/approvals/" + id + "/approve", "");
    var outbox = hub.bean(Outbox.class);
    var late = outbox.claim("channel:one", now(), true).orElseThrow();
    outbox.release("channel:one", List.of());
    hub.get("ci", "/v2/approvals/" + id);
    turn();
    assertThat(versions(first)).containsExactly(1, 3);

    outbox.shown(late, late.message());
    turn();

    assertThat(versions(first)).containsExactly(1, 3, 3);
  }

  @Test
  void aPlatformThatAsksToWaitIsLeftAloneForThatLongAlsoOverARestart() {
    first.trouble(Trouble.TOO_MANY, 1);
    hub.raise("rm", "{}");
    turn();
    later(Duration.ofMillis(1900));
    restart(channel("one", first) + channel("two", second));
    hub.bean(TestClock.class).turn(Duration.ofMillis(-500));
    turn();
    assertThat(first.calls()).hasSize(1);

    later(Duration.ofSeconds(5));

    assertThat(shown(first)).containsExactly("pending");
  }

  @Test
  void theTroubleOfOneChannelIsNotTheOthers() {
    first.trouble(Trouble.BROKEN, 100);
    for (var number = 0; number < 5; number++) {
      hub.raise("rm", "{}");
    }
    turn();

    assertThat(first.calls()).hasSize(1);
    assertThat(shown(second)).hasSize(5);
    assertThat(hub.get("eve", "/health").response().body())
        .contains(
            "\"channel:one\":{\"condition\":\"troubled\"",
            "\"channel:two\":{\"condition\":\"working\"");
  }

  @Test
  void aStoppedChannelAlarmsAndIsTriedEveryTenMinutes() {
    first.trouble(Trouble.REVOKED, 1);
    hub.raise("rm", "{}");
    turn();
    assertThat(hub.get("", "/health").status()).isEqualTo(200);
    assertThat(hub.get("eve", "/prometheus").response().body())
        .contains("approvalhub_working{target=\"channel:one\"} -1.0");

    later(Duration.ofMinutes(9));
    assertThat(first.calls()).hasSize(1);
    later(Duration.ofMinutes(1));

    assertThat(shown(first)).containsExactly("pending");
    assertThat(hub.get("", "/health").status()).isEqualTo(200);
  }

  @Test
  void newPromptsGoAheadOfEdits() {
    var old = hub.raise("old", "{}");
    turn();
    first.trouble(Trouble.BROKEN, 1);
    hub.post("alice", "/v2/approvals/" + old + "/approve", "");
    hub.raise("new", "{}");
    turn();

    later(Duration.ofMinutes(2));

    var types =
        first.calls().stream()
            .filter(call -> call.status() / 100 == 2)
            .map(CourierContract::type)
            .toList();
    assertThat(types)
        .containsExactly("approval.requested", "approval.requested", "approval.updated");
  }

  @Test
  void aNewChannelIsShownWhatWaitsAndAnOldOneIsRetired() {
    hub.raise("rm", "{}");
    turn();
    try (var third = new FakeWebhookReceiver(this::now)) {
      restart(channel("two", second) + channel("three", third));

      turn();

      assertThat(shown(third)).containsExactly("pending");
      assertThat(shown(second)).hasSize(1);
      assertThat(hub.bean(Outbox.class).targets()).doesNotContain("channel:one");
    }
  }

  @Test
  void decisionsForAnAgentThatIsNoLongerConfiguredEndAsGone() {
    try (var hivegate = new FakeHiveGate()) {
      hivegate.pause("run-abc:tc-001", "rm", "{}");
      var agent =
          "  coder: {type: hivegate, url: \"%s\", api-key: %s, poll-interval: 10ms}\n"
              .formatted(hivegate.address(), FakeHiveGate.KEY);
      hub.close();
      var with = configuration(channel("one", first)).replace("agents:\n", "agents:\n" + agent);
      hub = TestHub.start(folder, with, true, database);
      Awaitility.await().until(() -> hub.get("eve", "/v2/approvals").json().size() == 1);
      var id = hub.get("eve", "/v2/approvals").json().get(0).path("job_id").asText();
      restart(channel("one", first));

      hub.post("alice", "/v2/approvals/" + id + "/approve", "");
      turn();

      assertThat(hub.delivered(id)).isEqualTo("gone");
      assertThat(hivegate.decideCalls()).isEmpty();
    }
  }

  @Test
  void aMessagePostedBesideAnotherIsUpdatedToo() {
    var id = hub.raise("rm", "{}");
    turn();
    var outbox = hub.bean(Outbox.class);
    var copy = outbox.byId("one", id).orElseThrow();

    outbox.pressed(copy, "one", new MessageRef("webhook", "another"));
    outbox.pressed(copy, "one", new MessageRef("webhook", "another"));
    hub.post("alice", "/v2/approvals/" + id + "/deny", "");
    turn();

    assertThat(types(first))
        .containsExactly("approval.requested", "approval.updated", "approval.updated");
    assertThat(outbox.byMessage("one", new MessageRef("webhook", "another"))).isPresent();
  }

  @Test
  void aMessageWhoseReferenceWasNeverSavedIsTheOneToUpdateOnceItIsPressed() {
    var id = hub.raise("rm", "{}");
    var outbox = hub.bean(Outbox.class);
    var unused = outbox.claim("channel:one", now(), true).orElseThrow();
    outbox.release("channel:one", List.of());

    outbox.pressed(outbox.byId("one", id).orElseThrow(), "one", new MessageRef("webhook", "lost"));
    turn();
    hub.post("alice", "/v2/approvals/" + id + "/deny", "");
    turn();

    assertThat(types(first)).containsExactly("approval.updated");
  }

  @Test
  void whatTheChannelCouldNotTakeGoesOutAtOnceWhenTheHubIsStartedAnew() {
    first.trouble(Trouble.REVOKED, 1);
    hub.raise("rm", "{}");
    turn();
    restart(channel("one", first) + channel("two", second));

    turn();

    assertThat(shown(first)).containsExactly("pending");
  }

  @Test
  void nobodyIsLeftAloneForLongerThanAnHour() throws IOException {
    try (var server = new Callback(429)) {
      server.header("Retry-After", "999999999");
      restart(
          "  three: {plugin: webhook, approvers: [alice], settings: {url: \"%s\", secret: \"%s\", allow-private: true}}\n"
              .formatted(server.address(), first.settings().get("secret")));
      hub.raise("rm", "{}");
      turn();
      server.answer(200);

      later(Duration.ofMinutes(61));

      assertThat(server.calls()).isEqualTo(2);
    }
  }

  static List<Error> errors() {
    return List.of(
        new StackOverflowError(), new NoClassDefFoundError(), new Error("of a plugin's own"));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorInOneDeliveryGivesUpThatOneAlone(Error error) {
    var poison = hub.raise("poison", "{}");
    hub.raise("rm", "{}");
    var posted = new ArrayList<String>();
    var sender =
        new Sender(
            new FakeRecipient(
                hub.bean(Contacts.class).of("channel:one"),
                delivery -> {
                  if (delivery.approval().id().equals(poison)) {
                    throw error;
                  }
                  posted.add(delivery.approval().call().tool());
                  return Result.shown(new MessageRef("one", delivery.token()));
                }),
            hub.bean(Services.class));

    while (sender.step()) {
      // until nothing is due
    }

    assertThat(posted).containsExactly("rm");
    assertThat(hub.bean(Outbox.class).behind("channel:one")).isZero();
    assertThat(hub.get("eve", "/prometheus").response().body())
        .contains("approvalhub_deliveries_total{result=\"gave up\",target=\"channel:one\"} 1.0");
  }

  @Test
  void anApprovalThatCannotBeReadIsGivenUpAlone() {
    var poison = hub.raise("poison", "{}");
    hub.raise("rm", "{}");
    hub.bean(Database.class)
        .write(handle -> handle.execute("UPDATE approvals SET terms = '{' WHERE id = ?", poison));

    turn();

    assertThat(shown(first)).containsExactly("pending");
    assertThat(shown(second)).containsExactly("pending");
    assertThat(hub.bean(Outbox.class).behind("channel:one")).isZero();
  }

  @Test
  void whatAPluginFailsAtEveryTimeIsGivenUpSomeTimeAfterTheDecision() {
    var id = hub.raise("poison", "{}");
    var sender =
        new Sender(
            new FakeRecipient(
                hub.bean(Contacts.class).of("channel:one"),
                _ -> {
                  throw new IllegalStateException("unforeseen");
                }),
            hub.bean(Services.class));
    sender.step();
    hub.post("alice", "/v2/approvals/" + id + "/deny", "");
    sender.step();
    assertThat(hub.bean(Outbox.class).behind("channel:one")).isEqualTo(1);

    hub.bean(TestClock.class).turn(Duration.ofDays(8));
    sender.step();

    assertThat(hub.bean(Outbox.class).behind("channel:one")).isZero();
  }

  @Test
  void whatAChannelGaveUpGoesOutWhenTheHubIsStartedAnew() throws IOException {
    try (var server = new Callback(400)) {
      var three =
          "  three: {plugin: webhook, approvers: [alice], settings: {url: \"%s\", secret: \"%s\", allow-private: true}}\n"
              .formatted(server.address(), first.settings().get("secret"));
      restart(three);
      hub.raise("rm", "{}");
      turn();
      server.answer(200);
      later(Duration.ofDays(1));
      assertThat(server.calls()).isEqualTo(1);

      restart(three);
      turn();

      assertThat(server.calls()).isEqualTo(2);
    }
  }

  @Test
  void aCallbackThatIsDeadHoldsUpNoOther() throws IOException {
    try (var callback = new Callback(200)) {
      withCallbacks(callback);
      var dead = raise("http://127.0.0.1:1/dead");
      var alive = raise(callback.address() + "/alive");
      hub.post("alice", "/v2/approvals/" + dead + "/approve", "");
      hub.post("alice", "/v2/approvals/" + alive + "/approve", "");

      turn();

      assertThat(hub.delivered(alive)).isEqualTo("delivered");
      assertThat(hub.delivered(dead)).isEqualTo("waiting");
    }
  }

  @Test
  void everyCopySaysThatTheAgentCouldNotBeToldYetAndInTheEndThatItNeverWas() throws IOException {
    try (var callback = new Callback(200)) {
      withCallbacks(callback);
      var id = raise("http://127.0.0.1:1/dead");
      turn();
      hub.post("alice", "/v2/approvals/" + id + "/approve", "");
      turn();
      assertThat(trouble(id)).isEmpty();

      later(Duration.ofMinutes(1));
      assertThat(trouble(id)).isPresent();
      later(Duration.ofHours(2));

      assertThat(versions(first)).containsExactly(1, 2, 3);
      assertThat(hub.delivered(id)).isEqualTo("waiting");

      later(Duration.ofDays(8));
      assertThat(hub.delivered(id)).isEqualTo("unknown");
      assertThat(trouble(id)).isEmpty();
    }
  }

  @Test
  void whatIsNotDeliveredIsNotForgotten() throws IOException {
    try (var callback = new Callback(500)) {
      withCallbacks(callback);
      var id = raise(callback.address() + "/slow");
      var body = "{\"approved\": true, \"modified_args\": {\"path\": \"/tmp\"}}";
      hub.post("alice", "/v2/approvals/" + id + "/decide", body);
      turn();

      assertThat(hub.bean(Desk.class).forget(now().plusSeconds(3600))).isZero();
      callback.answer(200);
      later(Duration.ofHours(1));

      assertThat(callback.bodies().getLast()).contains("\"modified_args\":{\"path\":\"/tmp\"}");
      assertThat(hub.bean(Desk.class).forget(now().plusSeconds(3600))).isEqualTo(1);
    }
  }

  @Test
  void anEditThatIsNoLongerKnownIsToldAsADenial() {
    var id = hub.raise("rm", "{}");
    var body = "{\"approved\": true, \"modified_args\": {\"path\": \"/tmp\"}}";
    hub.post("alice", "/v2/approvals/" + id + "/decide", body);
    turn();
    assertThat(hub.bean(Desk.class).forget(now().plusSeconds(1))).isZero();
    assertThat(hub.get("ci", "/v2/approvals/" + id).json().path("status").asText())
        .isEqualTo("approved");
    turn();
    assertThat(hub.bean(Desk.class).forget(now().plusSeconds(1))).isEqualTo(1);

    assertThat(hub.get("ci", "/v2/approvals/" + id).json().path("status").asText())
        .isEqualTo("denied");
  }

  private void withCallbacks(Callback callback) {
    hub.close();
    var secret = "whsec_" + "QUFB".repeat(10);
    var agent =
        "  local: {type: push, callbacks: [\"%s/\", \"http://127.0.0.1:1/\"], callback-secret: %s}"
            .formatted(callback.address(), secret);
    var configuration =
        configuration(channel("one", first)).replace("  local: {type: push}", agent);
    hub = TestHub.start(folder, configuration, true, database);
  }

  private String raise(String callback) {
    var body =
        "{\"tool_name\": \"rm\", \"tool_args\": {}, \"callback_url\": \"%s\"}".formatted(callback);
    return hub.post("ci", "/v2/approvals", body).json().path("job_id").asText();
  }

  private Optional<String> trouble(String id) {
    return hub.bean(Desk.class).find(id).orElseThrow().trouble();
  }

  private static List<String> types(FakeWebhookReceiver receiver) {
    return receiver.calls().stream().map(CourierContract::type).toList();
  }

  private Instant now() {
    return hub.bean(TestClock.class).instant();
  }

  private void restart(String channels) {
    hub.close();
    hub = TestHub.start(folder, configuration(channels), true, database);
  }

  private void later(Duration time) {
    hub.bean(TestClock.class).turn(time);
    turn();
  }

  private void keepTime(Duration time) {
    hub.bean(TestClock.class).turn(time);
    hub.bean(Desk.class).turn();
    turn();
  }

  private void turn() {
    hub.bean(ManualRounds.class).turn();
  }

  private static List<String> shown(FakeWebhookReceiver receiver) {
    return receiver.events().stream()
        .map(event -> event.path("data").path("status").asText())
        .toList();
  }

  private static List<Integer> versions(FakeWebhookReceiver receiver) {
    return receiver.calls().stream()
        .map(call -> event(call).path("data").path("version").asInt())
        .toList();
  }

  private static String type(Call call) {
    return event(call).path("type").asText();
  }

  private static JsonNode event(Call call) {
    try {
      return Json.parse(call.body());
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String channel(String name, FakeWebhookReceiver receiver) {
    return "  %s: {plugin: webhook, approvers: [alice], settings: {url: \"%s\", secret: \"%s\", allow-private: true}}\n"
        .formatted(name, receiver.settings().get("url"), receiver.settings().get("secret"));
  }

  private static String configuration(String channels) {
    return "hub:\n"
        + TestHub.KEYS
        + """
        people:
          alice: {webhook: "1"}
          bob: {webhook: "2"}
        agents:
          local: {type: push}
          second: {type: push}
        channels:
        """
        + channels;
  }
}
