package io.approvalhub.agent.hivegate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.TestClock;
import io.approvalhub.TestHub;
import io.approvalhub.delivery.ManualRounds;
import io.approvalhub.testkit.FakePlatform.Trouble;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The poller runs by itself, every ten milliseconds; the courier is turned by hand.
final class HiveGateTest {

  private static final String LONG_ID =
      "5b0c6a52-5f0e-4a53-9a39-0d6c1f0b7e11:call_AbCdEfGhIjKlMnOpQrStUvWxYz0123456";

  @TempDir private Path folder;
  private final FakeHiveGate hivegate = new FakeHiveGate();
  private TestHub hub;

  @BeforeEach
  void start() {
    hub = start(FakeHiveGate.KEY);
  }

  @AfterEach
  void stop() {
    hub.close();
    hivegate.close();
  }

  @Test
  void aRowBecomesAnApprovalAndItsDecisionOneDecideCall() {
    hivegate.pause("run-abc:tc-001", "run_claude_code", "{\"prompt\": \"deploy\"}");
    var approval = waiting();

    decide(approval, "{\"approved\": true}");

    assertThat(approval.path("agent").asText()).isEqualTo("coder");
    assertThat(approval.path("session_id").asText()).isEqualTo("run-abc");
    assertThat(hivegate.decideCalls()).hasSize(1);
    assertThat(hivegate.decideCalls().getFirst().body()).isEqualTo("{\"approved\":true}");
    assertThat(hub.delivered(id(approval))).isEqualTo("delivered");
  }

  @Test
  void reasonAndEditedArgumentsGoBackAsTheyAre() {
    hivegate.pause("run-abc:tc-001", "send", "{\"token\": \"sk-0123456789abcdef\"}");

    decide(
        waiting(),
        "{\"approved\": true, \"reason\": \"ok\", \"modified_args\": {\"token\":"
            + " \"sk-fedcba9876543210\"}}");

    var decision = hivegate.decision("run-abc:tc-001");
    assertThat(decision.path("reason").asText()).isEqualTo("ok");
    assertThat(decision.path("modified_args").path("token").asText())
        .isEqualTo("sk-fedcba9876543210");
  }

  @Test
  void aDecisionMadeElsewhereIsGoneAndSaidSo() {
    hivegate.pause("run-abc:tc-001", "rm", "{}");
    var approval = waiting();
    hub.post("alice", "/v2/approvals/" + id(approval) + "/approve", "");
    hivegate.forget("run-abc:tc-001");

    turn();

    assertThat(hub.status(id(approval))).isEqualTo("approved");
    assertThat(hub.delivered(id(approval))).isEqualTo("gone");
  }

  @Test
  void aWrongKeyStopsTheAgentAndAlarms() {
    hub.close();
    hub = start("agw_wrong");

    await()
        .untilAsserted(
            () ->
                assertThat(hub.get("eve", "/health").response().body())
                    .contains("\"condition\":\"stopped\"", "check agents.coder.api-key"));
    assertThat(hub.get("", "/health").status()).isEqualTo(200);
  }

  @Test
  void aTimestampWithoutZoneIsUtc() {
    hivegate.pause("run-abc:tc-001", "rm", "{}");

    assertThat(waiting().path("timestamp").asText()).isEqualTo("2026-07-05T10:30:00.123456Z");
  }

  @Test
  void anIdOf73CharactersWithAColonIsEncodedAsOneSegment() {
    hivegate.pause(LONG_ID.substring(0, 73).replace('Y', ' '), "rm", "{}");

    decide(waiting(), "{\"approved\": false}");

    assertThat(hivegate.decideCalls()).hasSize(1);
    assertThat(hivegate.decideCalls().getFirst().status()).isEqualTo(200);
  }

  @Test
  void aRowThatVanishedIsCancelledAfterTwoPolls() {
    hivegate.pause("run-abc:tc-001", "rm", "{}");
    var approval = waiting();

    hivegate.forget("run-abc:tc-001");

    await().until(() -> hub.status(id(approval)).equals("cancelled"));
    assertThat(
            hub.get("eve", "/v2/approvals/" + id(approval)).json().path("decision_reason").asText())
        .isEqualTo("decided elsewhere, or the agent restarted");
    turn();
    assertThat(hivegate.decideCalls()).isEmpty();
  }

  @Test
  void whatVanishedAndCameBackIsAskedAnew() {
    hivegate.pause("run-abc:tc-001", "rm", "{}");
    var first = waiting();
    hivegate.forget("run-abc:tc-001");
    await().until(() -> hub.status(id(first)).equals("cancelled"));

    hivegate.pause("run-abc:tc-001", "rm", "{}");

    assertThat(id(waiting())).isNotEqualTo(id(first));
  }

  @Test
  void theSameIdWithOtherArgumentsIsAnotherApproval() {
    hivegate.pause("run-abc:tc-001", "rm", "{\"path\": \"/tmp\"}");
    var first = waiting();

    hivegate.pause("run-abc:tc-001", "rm", "{\"path\": \"/\"}");

    await().until(() -> hub.status(id(first)).equals("cancelled"));
    assertThat(waiting().path("tool_args").path("path").asText()).isEqualTo("/");
  }

  @Test
  void aDecisionThatIsTakenAndNotActedUponIsToldThreeTimesMoreThenAlarmed() {
    hivegate.deaf();
    hivegate.pause("run-abc:tc-001", "rm", "{}");
    var approval = waiting();
    hub.post("alice", "/v2/approvals/" + id(approval) + "/approve", "");

    await()
        .untilAsserted(
            () -> {
              turn();
              assertThat(hivegate.decideCalls()).hasSize(4);
              assertThat(hub.get("eve", "/health").response().body())
                  .contains("takes decisions and does not act on them");
            });
    turn();
    assertThat(hivegate.decideCalls()).hasSize(4);
  }

  @Test
  void aDecideCallWhoseAnswerWasLostIsNotRepeated() {
    hivegate.pause("run-abc:tc-001", "rm", "{}");
    var approval = waiting();
    hivegate.trouble(Trouble.ANSWER_LOST, 1);
    decide(approval, "{\"approved\": true}");

    hub.bean(TestClock.class).turn(Duration.ofMinutes(1));
    turn();

    assertThat(hivegate.decideCalls()).hasSize(1);
    assertThat(hub.delivered(id(approval))).isEqualTo("unknown");
  }

  @Test
  void aJobThatNoPathLeadsToIsAnAlarmAndNotGone() {
    hivegate.pause("5b0c:call_a/b+c=", "rm", "{}");
    var approval = waiting();
    decide(approval, "{\"approved\": true}");

    assertThat(hub.delivered(id(approval))).isEqualTo("waiting");
    assertThat(health()).contains("\"condition\":\"troubled\"", "HiveGate answered 404");
    var calls = hivegate.calls().size();
    hub.bean(TestClock.class).turn(Duration.ofMinutes(1));
    turn();
    assertThat(hivegate.calls().size()).isGreaterThan(calls);
    assertThat(hub.delivered(id(approval))).isEqualTo("waiting");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "422 | application/json | {\"detail\": \"Unsupported upgrade request.\"}",
        "404 | text/html | <html>nginx</html>",
        "404 | application/json | {\"detail\": \"Not Found\"}",
        "400 | text/plain | bad",
        "410 | text/html | <html>gone</html>",
        "302 | text/html | <html>sign in</html>",
        "200 | text/html | <html>sign in</html>"
      })
  void aRefusalIsNoFarewell(int status, String type, String body) {
    hivegate.pause("run-abc:tc-001", "rm", "{}");
    var approval = waiting();
    hivegate.refuses(status, type, body);
    decide(approval, "{\"approved\": true}");

    assertThat(hub.delivered(id(approval))).isEqualTo("waiting");
    assertThat(health()).contains("\"condition\":\"troubled\"");
    hub.bean(TestClock.class).turn(Duration.ofMinutes(1));
    turn();

    assertThat(hub.delivered(id(approval))).isEqualTo("delivered");
    assertThat(hivegate.decision("run-abc:tc-001").path("approved").asBoolean()).isTrue();
  }

  @Test
  void anAgentThatIsBrokenIsToldAgainLater() {
    hivegate.pause("run-abc:tc-001", "rm", "{}");
    var approval = waiting();
    hivegate.trouble(Trouble.BROKEN, 1);
    decide(approval, "{\"approved\": true}");
    assertThat(hub.delivered(id(approval))).isEqualTo("waiting");

    hub.bean(TestClock.class).turn(Duration.ofMinutes(1));
    turn();

    assertThat(hub.delivered(id(approval))).isEqualTo("delivered");
  }

  @Test
  void whatWaitedBeforeARestartStillWaitsAndWhatVanishedMeanwhileIsCancelled() {
    hivegate.pause("run-abc:tc-001", "rm", "{}");
    var stays = waiting();
    hivegate.pause("run-abc:tc-002", "mv", "{}");
    await().until(() -> hub.get("eve", "/v2/approvals").json().size() == 2);
    var goes = hub.get("eve", "/v2/approvals").json().get(1);
    hub.close();
    hivegate.forget("run-abc:tc-002");

    hub = start(FakeHiveGate.KEY);

    await().until(() -> hub.status(id(goes)).equals("cancelled"));
    assertThat(hub.status(id(stays))).isEqualTo("pending");
    assertThat(hub.get("eve", "/v2/approvals").json()).hasSize(1);
  }

  private TestHub start(String key) {
    return TestHub.start(
        folder,
        """
        hub:
          keys:
            alice: {key: alice, role: operator, person: alice}
            eve: {key: eve, role: observer}
        people:
          alice: {webhook: alice}
        agents:
          coder: {type: hivegate, url: "%s", api-key: "%s", poll-interval: 10ms}
        """
            .formatted(hivegate.address(), key),
        true);
  }

  private String health() {
    return hub.get("eve", "/health").response().body();
  }

  private JsonNode waiting() {
    await().until(() -> !hub.get("eve", "/v2/approvals").json().isEmpty());
    return hub.get("eve", "/v2/approvals").json().get(0);
  }

  private void decide(JsonNode approval, String body) {
    hub.post("alice", "/v2/approvals/" + id(approval) + "/decide", body);
    turn();
  }

  private void turn() {
    hub.bean(ManualRounds.class).turn();
  }

  private static String id(JsonNode approval) {
    return approval.path("job_id").asText();
  }
}
