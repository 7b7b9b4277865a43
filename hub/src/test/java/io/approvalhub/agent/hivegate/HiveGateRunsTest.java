package io.approvalhub.agent.hivegate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.agent.relay.RelayClient;
import io.approvalhub.agent.relay.RelayClient.Reading;
import io.approvalhub.kit.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Conformance cases H6 to H13, through the relay of a real hub that polls the list as well.
final class HiveGateRunsTest {

  private static final String CHAT = "/v2/agents/customer-support/chat";
  private static final String TEAM = "/v2/teams/desk/runs";
  private static final String APPROVE = "{\"approved\": true}";
  private static final String DENY = "{\"approved\": false}";

  @TempDir private Path folder;
  private final FakeHiveGateRuns fake = new FakeHiveGateRuns();
  private RelayClient client;

  @BeforeEach
  void start() {
    client = started("");
  }

  @AfterEach
  void close() {
    fake.goOn();
    client.close();
    fake.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PAUSED", "paused"})
  void anAnswerThatIsPausedIsWithheldUntilTheRunHasEnded(String status) throws IOException {
    if (status.equals("paused")) {
      fake.saysPaused();
    }
    // nothing of the answer comes before its end, not even its headers
    var reading = CompletableFuture.supplyAsync(() -> client.post(CHAT, body("one", false)));
    client.delivered(decide("send_email", APPROVE), "delivered");

    var answer = Json.parse(reading.join().all());
    assertThat(answer.path("content").asText()).isEqualTo("Meeting scheduled successfully");
    assertThat(answer.path("status").asText()).isEqualTo("completed");
    assertThat(fake.commits().getFirst().path("stream").asBoolean(true)).isFalse();
  }

  @Test
  void anAnswerThatAsksNothingIsPassed() {
    assertThat(client.post(CHAT, body("hello", false)).all()).contains("Nothing to do.");
  }

  @Test
  void thePauseOfAnAgentAsksAndTheContinuationIsSpliced() {
    var reading = chat("one");
    var approval = waiting("send_email");
    assertThat(approval.path("tool_args").toString()).isEqualTo("{\"to\":\"jane@acme.test\"}");
    assertThat(approval.path("worker_name").asText()).isEqualTo("Customer Support");

    client.delivered(decide("send_email", APPROVE), "delivered");

    assertThat(reading.all()).isEqualTo(sent()).contains("Not yet", "Done as decided.");
    assertThat(fake.executed()).containsExactly("send_email {\"to\":\"jane@acme.test\"}");
    var commit = (ObjectNode) fake.commits().getFirst();
    assertThat(commit.remove("run_id").asText()).hasSize(36);
    assertThat(commit.toString())
        .isEqualTo(
            "{\"stream\":true,\"model\":\"gemini-2.5-pro\",\"user_id\":\"user-42\","
                + "\"session_id\":\"sess-abc123\","
                + "\"updated_tools\":[{\"tool_call_id\":\"call_1\",\"confirmed\":true}]}");
  }

  @Test
  void thePauseOfATeamIsCommittedToTheTeam() {
    var reading = client.post(TEAM, body("one", true));

    client.delivered(decide("send_email", APPROVE), "delivered");

    assertThat(reading.all()).contains("TeamRunCompleted", "Meeting scheduled successfully");
    assertThat(targets()).contains(TEAM + "/commit");
  }

  @Test
  void pausesOfMembersAreCommittedWithTheirTeam() {
    var reading = client.post(TEAM, body("members", true));
    assertThat(waiting("send_email").path("worker_name").asText()).isEqualTo("Mailer");
    assertThat(client.pending()).hasSize(3);

    decide("send_email", APPROVE);
    decide("open_ticket", APPROVE);
    decide("close_case", DENY);

    assertThat(reading.all()).contains("Meeting scheduled").doesNotContain("Paused\"");
    assertThat(fake.commits()).hasSize(1);
    assertThat(verdicts(0)).containsExactly("call_1 true", "call_2 true", "call_4 false");
    assertThat(fake.executed()).hasSize(2);
  }

  @Test
  void aMemberThatPausedBeforeTheStreamEndedIsCommittedToItsTeam() {
    var reading = client.post(TEAM, body("member", true));

    client.delivered(decide("send_email", APPROVE), "delivered");

    assertThat(reading.all()).contains("Meeting scheduled");
    assertThat(fake.executed()).hasSize(1);
  }

  @Test
  void aPauseInsideAContinuationIsAskedToo() {
    var reading = chat("chain");
    decide("send_email", APPROVE);

    client.delivered(decide("delete_mail", DENY), "delivered");

    assertThat(reading.all()).contains("RunContinued", "cancelled by user");
    assertThat(verdicts(0)).containsExactly("call_1 true");
    assertThat(verdicts(1)).containsExactly("call_5 false");
  }

  @Test
  void editedArgumentsAndNotesGoWithTheCommit() {
    chat("one");

    decide(
        "send_email",
        "{\"approved\": true, \"reason\": \"her new address\", \"modified_args\": {\"to\":"
            + " \"j@acme.test\"}}");

    await().until(() -> fake.executed().equals(List.of("send_email {\"to\":\"j@acme.test\"}")));
    assertThat(fake.commits().getFirst().path("updated_tools").toString())
        .isEqualTo(
            "[{\"tool_call_id\":\"call_1\",\"confirmed\":true,\"tool_args\":{\"to\":\"j@acme.test\"},\"confirmation_note\":\"her"
                + " new address\"}]");
  }

  @Test
  void whereEverythingIsDeniedTheRunIsCancelled() {
    var reading = chat("two");
    var first = decide("send_email", "{\"approved\": false, \"reason\": \"not now\"}");
    var second = decide("open_ticket", DENY);

    client.delivered(first, "delivered");
    client.delivered(second, "delivered");

    assertThat(reading.all()).contains("RunCancelled", "Tool execution cancelled by user.");
    assertThat(fake.executed()).isEmpty();
    assertThat(fake.commits().getFirst().path("updated_tools").get(0).path("confirmation_note"))
        .isEqualTo(Json.array().add("not now").get(0));
  }

  @Test
  void aRunThatHiveGateLostIsGone() {
    var reading = chat("one");
    waiting("send_email");
    fake.forget();

    client.delivered(decide("send_email", APPROVE), "gone");

    assertThat(reading.all()).contains("event: error", "Confirmation time window has elapsed.");
  }

  @Test
  void mixedDecisionsAreOneCommitWhenTheLastIsMade() {
    var reading = chat("two");
    var first = decide("send_email", APPROVE);
    await().until(() -> isDecided(first));
    assertThat(client.approval(first).path("delivered").asText()).isEqualTo("waiting");
    assertThat(fake.commits()).isEmpty();

    var second = decide("open_ticket", "{\"approved\": false, \"reason\": \"no\"}");

    client.delivered(first, "delivered");
    client.delivered(second, "delivered");
    reading.all();
    assertThat(fake.commits()).hasSize(1);
    assertThat(verdicts(0)).containsExactly("call_1 true", "call_2 false");
    assertThat(fake.executed()).containsExactly("send_email {\"to\":\"jane@acme.test\"}");
  }

  @Test
  void whatExpiresOrIsWithdrawnCountsAsDenied() {
    restart("expires-in: 2s");
    var reading = chat("two");
    decide("send_email", APPROVE);

    reading.all();

    assertThat(verdicts(0)).containsExactly("call_1 true", "call_2 false");
    assertThat(fake.commits().getFirst().path("updated_tools").get(1).path("confirmation_note"))
        .isEqualTo(Json.array().add("Expired: nobody decided in time").get(0));
  }

  @Test
  void onlyWhatRequiresConfirmationAndWasNotExecutedIsAsked() {
    chat("two");
    waiting("open_ticket");
    assertThat(client.pending()).hasSize(2);
  }

  @Test
  void aPauseForOtherReasonsIsTheClients() {
    var reading = chat("input");
    assertThat(reading.all()).isEqualTo(fake.streams().getFirst().sent()).contains("RunPaused");
    assertThat(client.pending()).isEmpty();
  }

  @Test
  void rowsThatACommitLeavesAreRemoved() {
    fake.registers();
    var reading = chat("two");
    decide("send_email", APPROVE);
    decide("open_ticket", DENY);

    reading.all();

    await().until(() -> fake.rows().isEmpty());
    assertThat(fake.commits()).hasSize(1);
    assertThat(fake.decided()).hasSize(2);
  }

  @Test
  void rowsThatWereNeverThereAreNoTrouble() {
    chat("one");
    var id = decide("send_email", APPROVE);

    await().until(() -> fake.decided().size() == 1);

    assertThat(client.delivered(id, "delivered").path("status").asText()).isEqualTo("approved");
    assertThat(client.hub().get("eve", "/health").response().body()).doesNotContain("troubled");
  }

  @Test
  void whatIsListedAndStreamedIsAskedOnceAndCommitted() {
    fake.registers();
    var reading = chat("one");
    var id = waiting("send_email").path("job_id").asText();
    polls(3);
    assertThat(client.pending()).hasSize(1);

    client.decide(id, APPROVE);

    client.delivered(id, "delivered");
    assertThat(reading.all()).contains("Done as decided.");
    polls(5);
    assertThat(client.pending()).isEmpty();
    assertThat(fake.commits()).hasSize(1);
  }

  @Test
  void whatIsNotListedOrNoLongerIsNotTakenForVanished() {
    chat("one");
    waiting("send_email");
    polls(4);
    waiting("send_email");
    client.close();
    client = started("");
    await().until(() -> fake.commits().size() == 1);
    assertThat(verdicts(0)).containsExactly("call_1 false");
  }

  @Test
  void whatWasListedBeforeItWasStreamedIsAskedOnceAndCommitted() {
    fake.listsFirst();
    var reading = chat("two");
    var first = id("send_email");
    var second = id("open_ticket");
    await().until(() -> fake.streams().getFirst().sent().contains("RunPaused"));
    polls(4);
    assertThat(client.pending()).hasSize(2);

    client.decide(first, APPROVE);
    client.decide(second, APPROVE);

    assertThat(reading.all()).contains("Done as decided.");
    assertThat(fake.commits()).hasSize(1);
    assertThat(verdicts(0)).containsExactly("call_1 true", "call_2 true");
  }

  @Test
  void callsUnderOneIdAreNotAskedSinceNoDecisionCouldTellThemApart() {
    var reading = chat("same");
    reading.all();
    assertThat(client.pending()).isEmpty();
    assertThat(client.hub().get("eve", "/health").response().body())
        .contains("calls without an id of their own");
  }

  @Test
  void decisionsAtTheSameMomentAreOneCommit() throws Exception {
    for (var round = 1; round <= 10; round++) {
      var reading = chat("two");
      var ids = List.of(id("send_email"), id("open_ticket"));
      var barrier = new CyclicBarrier(2);
      var deciding =
          ids.stream()
              .map(id -> Thread.ofVirtual().start(() -> decideTogether(barrier, id)))
              .toList();
      for (var thread : deciding) {
        thread.join();
      }
      reading.all();
      ids.forEach(id -> client.delivered(id, "delivered"));
      assertThat(fake.commits()).hasSize(round);
      assertThat(verdicts(round - 1)).containsExactly("call_1 true", "call_2 true");
    }
  }

  @Test
  void aLostAnswerIsPossiblyAppliedAndNeverRepeated() {
    var reading = chat("lost");
    var id = decide("send_email", APPROVE);

    client.delivered(id, "unknown");

    assertThat(reading.all()).contains("event: error", "did not answer the decision");
    restart("");
    polls(3);
    assertThat(client.approval(id).path("delivered").asText()).isEqualTo("unknown");
    assertThat(fake.commits()).hasSize(1);
  }

  @Test
  void aRunHalfDecidedBeforeARestartIsCommittedWithTheRestDenied() {
    chat("two");
    var first = decide("send_email", APPROVE);
    await().until(() -> isDecided(first));
    var second = id("open_ticket");

    restart("");

    client.delivered(first, "delivered");
    assertThat(client.delivered(second, "delivered").path("status").asText())
        .isEqualTo("cancelled");
    assertThat(fake.commits()).hasSize(1);
    assertThat(verdicts(0)).containsExactly("call_1 true", "call_2 false");
  }

  @Test
  void aClientThatHangsUpCancelsWhatWaitsAndCommits() throws IOException {
    var reading = chat("two");
    var first = id("send_email");
    reading.leave();

    var approval = client.delivered(first, "delivered");

    assertThat(approval.path("status").asText()).isEqualTo("cancelled");
    assertThat(approval.path("decision_reason").asText()).isEqualTo("the client has gone");
    assertThat(fake.commits()).hasSize(1);
    assertThat(verdicts(0)).containsExactly("call_1 false", "call_2 false");
    assertThat(kept()).contains("RunCancelled");
  }

  @Test
  void theContinuationIsReadAndKeptForAClientThatHasGone() throws IOException {
    var reading = chat("slow");
    decide("send_email", APPROVE);
    await().until(() -> reading.soFar().contains("RunContinued"));
    client.leave(reading);
    fake.goOn();
    assertThat(kept()).contains("Done as decided.");
    assertThat(client.hub().get("app", continuation()).status()).isEqualTo(404);
  }

  @Test
  void theEventIsPassedOnIfTheOperatorSaysSo() {
    restart("approval-events: pass");
    var reading = chat("one");
    decide("send_email", APPROVE);
    assertThat(reading.all()).contains("RunPaused", "Done as decided.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        CHAT + "/commit",
        TEAM + "/commit",
        TEAM + "/commit/",
        "/v2/approvals/run:call_1/approve",
        "/v2/Approvals/run:call_1/decide"
      })
  void clientsCannotDecide(String path) {
    assertThat(client.post(path, "{}").response().statusCode()).isEqualTo(403);
    assertThat(targets()).doesNotContain(path);
  }

  private void decideTogether(CyclicBarrier barrier, String id) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    client.decide(id, APPROVE);
  }

  private boolean isDecided(String id) {
    return !client.approval(id).path("status").asText().equals("pending");
  }

  private JsonNode waiting(String tool) {
    return await()
        .until(
            () -> elements(client.pending()).stream().filter(one -> isOf(one, tool)).toList(),
            found -> found.size() == 1)
        .getFirst();
  }

  private static boolean isOf(JsonNode approval, String tool) {
    return approval.path("tool_name").asText().equals(tool);
  }

  private String id(String tool) {
    return waiting(tool).path("job_id").asText();
  }

  private String decide(String tool, String body) {
    var id = id(tool);
    client.decide(id, body);
    return id;
  }

  private List<String> verdicts(int commit) {
    return elements(fake.commits().get(commit).path("updated_tools")).stream()
        .map(tool -> tool.path("tool_call_id").asText() + " " + tool.path("confirmed").asText())
        .toList();
  }

  private String kept() {
    return await()
        .until(() -> client.hub().get("app", continuation()), reply -> reply.status() == 200)
        .response()
        .body();
  }

  private String continuation() {
    return "/agents/llm/v2/runs/"
        + fake.commits().getFirst().path("run_id").asText()
        + "/continuation";
  }

  private void polls(int more) {
    var before = listed();
    await().until(() -> listed() >= before + more);
  }

  private long listed() {
    return targets().stream().filter("/v2/approvals"::equals).count();
  }

  private List<String> targets() {
    return fake.server().seen().stream().map(call -> call.target()).toList();
  }

  private static List<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private Reading chat(String message) {
    return client.post(CHAT, body(message, true));
  }

  private static String body(String message, boolean stream) {
    return Json.text(
        Json.object()
            .put("message", message)
            .put("stream", stream)
            .put("model", "gemini-2.5-pro")
            .put("user_id", "user-42")
            .put("session_id", "sess-abc123"));
  }

  /// What the client is to get: every stream after the other, without the pauses.
  private String sent() {
    return fake.streams().stream()
        .map(stream -> stream.sentWithout("RunPaused"))
        .collect(Collectors.joining());
  }

  private RelayClient started(String settings) {
    return RelayClient.start(
        folder,
        "type: hivegate, url: '%s', api-key: %s, poll-interval: 10ms, %s"
            .formatted(fake.address(), FakeHiveGateRuns.KEY, settings));
  }

  private void restart(String settings) {
    client.close();
    client = started(settings);
  }
}
