package io.approvalhub.agent.agentflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.approvalhub.agent.relay.RelayClient;
import io.approvalhub.testkit.FakeWebhookReceiver;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Conformance cases A8 and A9, through the relay of a real hub.
final class AgentFlowStreamTest {

  private static final String OFTEN = "10ms";
  private static final String ONCE = "1h";
  private static final String TOOL = "delete_record";
  private static final String ARGUMENTS = "{\"record_id\":\"rec_123\"}";
  private static final String OLDER =
      "{\"type\":\"APPROVAL_REQUIRED\",\"delta\":{\"tool_name\":\"delete_record\",\"input_data\":"
          + ARGUMENTS
          + ",\"context\":\"User asked to remove the duplicate record\"}}";
  private static final String DELTA =
      "{\"type\":\"delta\",\"content\":\"approval_required is a word\",\"seq\":5}";

  @TempDir private Path folder;
  private FakeAgentFlow flow = new FakeAgentFlow();
  private final FakeWebhookReceiver phone = new FakeWebhookReceiver();
  private @Nullable RelayClient started;

  @AfterEach
  void stop() {
    client().close();
    phone.close();
    flow.close();
  }

  @Test
  void theOlderEventWithoutIdIsResolvedThroughTheList() throws IOException {
    flow.close();
    flow = new FakeAgentFlow(Generation.A);
    start(ONCE);
    flow.ask(TOOL, "{\"record_id\":\"rec_9\"}");
    var id = flow.ask(TOOL, ARGUMENTS);
    flow.streams(DELTA, OLDER);

    var answer = run();

    assertThat(answer).contains("is a word").doesNotContain("APPROVAL_REQUIRED");
    var approval = client().waiting();
    assertThat(approval.path("worker_name").asText()).isEqualTo("agent_456");
    assertThat(approval.path("tool_args").toString()).isEqualTo(ARGUMENTS);
    client().decide(approval.path("job_id").asText(), "{\"approved\": true}");
    await().until(() -> flow.status(id).equals("approved"));
  }

  @Test
  void anOlderEventOfWhatIsNotListedAsksNothingByItself() throws IOException {
    start(ONCE);
    flow.streams(OLDER);

    run();

    assertThat(client().pending()).isEmpty();
  }

  @Test
  void theOlderResolutionClosesWhatIsNoLongerListed() throws IOException {
    start(ONCE);
    var id = flow.ask(TOOL, ARGUMENTS);
    flow.streams(OLDER);
    run();
    var approval = client().waiting().path("job_id").asText();
    var other = "{\"record_id\":\"rec_124\"}";
    flow.ask(TOOL, other);
    flow.end(id, "approved");
    flow.streams(
        OLDER.replace(ARGUMENTS, other),
        "{\"type\":\"APPROVAL_RESOLVED\",\"delta\":{\"status\":\"APPROVED\"}}");

    run();

    assertThat(client().approval(approval).path("status").asText()).isEqualTo("cancelled");
    assertThat(client().approval(approval).path("decision_reason").asText())
        .isEqualTo("approved at AgentFlow");
    assertThat(client().waiting().path("tool_args").toString()).isEqualTo(other);
  }

  @ParameterizedTest
  @ValueSource(strings = {OFTEN, ONCE})
  void anApprovalIsAskedOnceWhereItIsListedAndStreamed(String interval) throws IOException {
    start(interval);
    var id = flow.ask(TOOL, ARGUMENTS);
    flow.streams(required(id));

    run();
    run();

    var approval = client().waiting();
    var polls = flow.calls("pending").size();
    if (interval.equals(OFTEN)) {
      await().until(() -> flow.calls("pending").size() > polls + 6);
    }
    assertThat(client().pending()).hasSize(1);
    client().decide(approval.path("job_id").asText(), "{\"approved\": true}");
    await().until(() -> flow.status(id).equals("approved"));
  }

  @ParameterizedTest
  @CsvSource({
    "approval_approved, approved",
    "approval_denied, denied",
    "approval_expired, expired",
    "APPROVAL_CANCELLED, cancelled"
  })
  void whatAnotherUserDecidedClosesTheChatMessage(String type, String status) throws IOException {
    start(ONCE);
    var id = flow.ask(TOOL, ARGUMENTS);
    flow.streams(required(id));
    run();
    await().until(() -> phone.shown().size() == 1);
    var approval = client().waiting().path("job_id").asText();
    flow.end(id, status);
    flow.streams(
        "{\"type\":\"%s\",\"content\":{\"id\":\"%s\",\"approver\":\"auth0|user_123\"}}"
            .formatted(type, id));

    assertThat(run()).contains(type);

    var ended = client().approval(approval);
    assertThat(ended.path("status").asText()).isEqualTo("cancelled");
    assertThat(ended.path("decision_reason").asText())
        .isEqualTo(status + " at AgentFlow by auth0|user_123");
    await().until(() -> phone.shown().getFirst().buttons().isEmpty());
    assertThat(flow.calls("respond")).isEmpty();
  }

  @Test
  void theEventOfOurOwnDecisionChangesNothing() throws IOException {
    start(ONCE);
    var id = flow.ask(TOOL, ARGUMENTS);
    flow.streams(required(id));
    run();
    var approval = client().waiting().path("job_id").asText();
    client().decide(approval, "{\"approved\": true}");
    client().delivered(approval, "delivered");
    flow.streams("{\"type\":\"approval_approved\",\"content\":{\"id\":\"%s\"}}".formatted(id));

    run();

    assertThat(client().approval(approval).path("status").asText()).isEqualTo("approved");
    assertThat(client().approval(approval).path("delivered").asText()).isEqualTo("delivered");
  }

  @Test
  void whatIsStreamedAndNeverListedIsAskedAndVanishes() throws IOException {
    start(OFTEN);
    var polls = flow.calls("pending").size();
    flow.streams(required("appr_elsewhere"));

    run();

    await().until(() -> flow.calls("pending").size() > polls + 6);
    var all = client().hub().get("eve", "/v2/approvals?status=cancelled").json();
    assertThat(all).hasSize(1);
    assertThat(all.get(0).path("decision_reason").asText())
        .isEqualTo("decided elsewhere, or the agent restarted");
  }

  @Test
  void theEventIsPassedOnIfTheOperatorSaysSo() throws IOException {
    start(ONCE + "', approval-events: 'pass");
    flow.streams(required(flow.ask(TOOL, ARGUMENTS)));
    assertThat(run()).contains("approval_required");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /api/v1/approvals/appr_1/respond",
    "POST, /api/v1/approvals/appr_1/cancel",
    "POST, /api/v1/approvals/bulk/",
    "POST, /approvals/appr_1/respond",
    "PUT, /api/v1/agent/agent_1/tools/delete_record/approval"
  })
  void clientsCannotDecideNorSwitchTheAskingOff(String method, String path) {
    start(ONCE);
    var request = client().request(path).method(method, BodyPublishers.ofString("{}"));
    assertThat(client().read(request.build()).response().statusCode()).isEqualTo(403);
    assertThat(flow.calls("gate")).isEmpty();
    assertThat(flow.calls("respond")).isEmpty();
  }

  private static String required(String id) {
    return ("{\"type\":\"approval_required\",\"seq\":17,\"content\":{\"id\":\"%s\",\"tool_name\":\"%s\","
                + "\"arguments\":%s,\"conversation_id\":\"conv_789\"}}")
        .formatted(id, TOOL, ARGUMENTS);
  }

  private RelayClient client() {
    return Objects.requireNonNull(started);
  }

  private String run() {
    return client().post("/runs", "{}").all();
  }

  private void start(String interval) {
    var settings =
        flow.settings().entrySet().stream()
            .map(setting -> "%s: '%s'".formatted(setting.getKey(), setting.getValue()))
            .collect(Collectors.joining(", "));
    started =
        RelayClient.start(
            folder,
            settings + ", pass: all, poll-interval: '" + interval + "'",
            "channels: {phone: {plugin: webhook, approvers: [alice], settings: {url: '%s', secret: '%s', allow-private: true}}}"
                .formatted(phone.settings().get("url"), phone.settings().get("secret")));
    // the first poll is over, so that what is asked from now on is found by streams
    await().until(() -> flow.calls("pending").size() >= 1);
  }
}
