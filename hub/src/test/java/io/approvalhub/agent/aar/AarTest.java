package io.approvalhub.agent.aar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.TestHub;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AarTest {

  static final String CONFIGURATION =
      "hub:\n"
          + TestHub.KEYS
          + """
          people:
            alice: {webhook: alice}
            bob: {webhook: bob}
          agents:
            local: {type: push}
            second: {type: push}
          """;
  private static final String DENIED = "Error [denied]: tool call denied by user";

  @TempDir private Path folder;
  private TestHub hub;
  private Optional<FakeAar> started = Optional.empty();

  @BeforeEach
  void start() {
    hub = TestHub.start(folder, CONFIGURATION, false);
  }

  @AfterEach
  void stop() {
    started.ifPresent(FakeAar::close);
    hub.close();
  }

  @Test
  void approvedRuns() {
    var aar = aar("{}");
    aar.chat(1, turn(call("bash", "c1", "{\"command\": \"ls\"}")));

    decide(pending(1).get(0), "{\"approved\": true}");

    assertThat(aar.output(1)).isEqualTo("ran {\"command\": \"ls\"}");
  }

  @Test
  void deniedDoesNotRunAndTellsTheModelInAarsWords() {
    var aar = aar("{}");
    aar.chat(1, turn(call("bash", "c1", "{\"command\": \"ls\"}")));

    decide(pending(1).get(0), "{\"approved\": false}");

    assertThat(aar.output(1)).isEqualTo(DENIED);
    assertThat(aar.results(1).path(0).path("is_error").asBoolean()).isTrue();
  }

  @Test
  void alwaysCoversTheToolForTheRestOfTheRequestAndNoLonger() {
    var aar = aar("{}");
    aar.chat(
        1,
        "[[%s], [%s, %s]]"
            .formatted(
                call("bash", "c1", "{}"), call("bash", "c2", "{}"), call("bash", "c3", "{}")));

    decide(pending(1).get(0), "{\"approved\": true, \"remember\": true}");
    assertThat(aar.results(1))
        .extracting(result -> result.path("output").asText())
        .containsExactly("ran {}", "ran {}", "ran {}");

    aar.chat(2, turn(call("bash", "c4", "{}")));
    decide(pending(1).get(0), "{\"approved\": false}");
    assertThat(aar.output(2)).isEqualTo(DENIED);
  }

  @Test
  void alwaysIsNotOfferedWhereTheOperatorDoesNotWantIt() {
    var aar = aar("{\"remember\": false}");
    aar.chat(1, turn(call("bash", "c1", "{}")));

    var refused = post(pending(1).get(0), "{\"approved\": true, \"remember\": true}");

    assertThat(refused.status()).isEqualTo(422);
  }

  @Test
  void aHubOutOfReachDenies() {
    started =
        Optional.of(FakeAar.start(URI.create("http://127.0.0.1:1"), "ci", "{\"patience\": 0}"));

    started.get().chat(1, turn(call("bash", "c1", "{}")));

    assertThat(started.get().output(1)).isEqualTo(DENIED);
  }

  @Test
  void aHubThatRefusesTheKeyDenies() {
    started = Optional.of(FakeAar.start(hub.address(), "wrong", "{}"));

    started.get().chat(1, turn(call("bash", "c1", "{}")));

    assertThat(started.get().output(1)).isEqualTo(DENIED);
  }

  @Test
  void nobodyInTimeIsDeniedAndNoLongerWaitsHere() {
    var aar = aar("{\"deadline\": 3}");
    aar.chat(1, turn(call("bash", "c1", "{}")));
    var approval = pending(1).get(0).path("job_id").asText();

    assertThat(aar.output(1)).isEqualTo(DENIED);
    assertThat(hub.status(approval)).isEqualTo("expired");
  }

  @Test
  void twoCallsOfOneTurnAreDecidedInReverse() {
    var aar = aar("{}");
    aar.chat(
        1,
        "[[%s, %s]]"
            .formatted(
                call("bash", "c1", "{\"command\": \"first\"}"),
                call("write_file", "c2", "{\"path\": \"second\"}")));
    var waiting = pending(2);
    var first = of(waiting, "bash");
    var second = of(waiting, "write_file");

    decide(second, "{\"approved\": true}");
    await().until(() -> hub.delivered(second.path("job_id").asText()), "delivered"::equals);
    assertThat(aar.isOver(1)).isFalse();
    decide(first, "{\"approved\": false}");

    assertThat(aar.results(1))
        .extracting(result -> result.path("output").asText())
        .containsExactly(DENIED, "ran {\"path\": \"second\"}");
  }

  @Test
  void theSameCallRaisedTwiceIsOneApproval() {
    var aar = aar("{}");
    aar.chat(1, "[[%1$s, %1$s]]".formatted(call("bash", "c1", "{}")));

    decide(pending(1).get(0), "{\"approved\": true}");

    assertThat(aar.results(1))
        .extracting(result -> result.path("output").asText())
        .containsExactly("ran {}", "ran {}");
    assertThat(hub.get("eve", "/v2/approvals?status=approved").json()).hasSize(1);
  }

  @Test
  void aToolOfAnMcpServerIsNotAskedAbout() {
    var aar = aar("{}");

    aar.chat(1, turn(call("mcp_delete", "c1", "{}")));

    assertThat(aar.output(1)).isEqualTo("ran {}");
    assertThat(hub.get("eve", "/v2/approvals/summary").json().path("total").asInt()).isZero();
  }

  @Test
  void aClientCannotSwitchTheQuestionOff() {
    var aar = aar("{}");
    aar.chat(
        1,
        turn(call("bash", "c1", "{}")),
        ", \"safety\": {\"require_approval_for_execute\": false}");

    decide(pending(1).get(0), "{\"approved\": false}");

    assertThat(aar.output(1)).isEqualTo(DENIED);
  }

  @Test
  void anApprovalShowsItsSessionAndNoOther() {
    var aar = aar("{}");
    aar.chat(1, turn(call("bash", "c1", "{}")), ", \"session_id\": \"s-1\"");
    aar.chat(2, turn(call("bash", "c2", "{}")), ", \"session_id\": \"s-2\"");
    aar.chat(3, turn(call("bash", "c3", "{}")));

    assertThat(pending(3))
        .extracting(approval -> approval.path("session_id").asText(""))
        .containsExactlyInAnyOrder("s-1", "s-2", "");
  }

  @Test
  void editedArgumentsRunWhenTheyAreAllowed() {
    var aar = aar("{\"edits\": true}");
    aar.chat(1, turn(call("bash", "c1", "{\"command\": \"ls\"}")));

    decide(
        pending(1).get(0), "{\"approved\": true, \"modified_args\": {\"command\": \"ls /tmp\"}}");

    assertThat(aar.output(1)).isEqualTo("ran {\"command\": \"ls /tmp\"}");
  }

  @Test
  void editedArgumentsThatAreNotAllowedAreDenied() {
    var aar = aar("{\"edits\": true}");
    aar.chat(1, turn(call("bash", "c1", "{\"command\": \"ls\"}")));

    decide(pending(1).get(0), "{\"approved\": true, \"modified_args\": {\"command\": \"rm x\"}}");

    assertThat(aar.output(1)).isEqualTo(DENIED);
  }

  @Test
  void nobodyIsOfferedToEditWhereNothingChecksIt() {
    var aar = aar("{}");
    aar.chat(1, turn(call("bash", "c1", "{\"command\": \"ls\"}")));

    var edited = post(pending(1).get(0), "{\"approved\": true, \"modified_args\": {\"a\": 1}}");

    assertThat(edited.status()).isEqualTo(422);
  }

  @Test
  void aCancelledRunWithdrawsItsApproval() {
    var aar = aar("{}");
    aar.chat(1, turn(call("bash", "c1", "{}")));
    var approval = pending(1).get(0).path("job_id").asText();

    aar.cancel(1);

    assertThat(aar.results(1).asText()).isEqualTo("cancelled");
    await().atMost(Duration.ofSeconds(20)).until(() -> hub.status(approval), "cancelled"::equals);
  }

  private FakeAar aar(String options) {
    var aar = FakeAar.start(hub.address(), "ci", options);
    started = Optional.of(aar);
    return aar;
  }

  private JsonNode pending(int size) {
    return await()
        .until(() -> hub.get("alice", "/v2/approvals").json(), list -> list.size() == size);
  }

  private static JsonNode of(JsonNode approvals, String tool) {
    return approvals.path(0).path("tool_name").asText().equals(tool)
        ? approvals.path(0)
        : approvals.path(1);
  }

  private void decide(JsonNode approval, String body) {
    assertThat(post(approval, body).status()).isEqualTo(200);
  }

  private TestHub.Reply post(JsonNode approval, String body) {
    var path = "/v2/approvals/" + approval.path("job_id").asText() + "/decide";
    return hub.post("alice", path, body);
  }

  private static String turn(String call) {
    return "[[" + call + "]]";
  }

  private static String call(String tool, String id, String arguments) {
    return "{\"tool_name\": \"%s\", \"tool_call_id\": \"%s\", \"arguments\": %s}"
        .formatted(tool, id, arguments);
  }
}
