package io.approvalhub.agent.agentflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.TestClock;
import io.approvalhub.TestHub;
import io.approvalhub.approval.Desk;
import io.approvalhub.connection.Contact.Condition;
import io.approvalhub.connection.Contact.State;
import io.approvalhub.connection.Contact.Trouble;
import io.approvalhub.connection.Contacts;
import io.approvalhub.delivery.ManualRounds;
import io.approvalhub.kit.Json;
import io.approvalhub.testkit.FakePlatform;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AgentFlowTest {

  private static final String OFTEN = "20ms";
  private static final String ONCE = "1h";
  private static final String ARGUMENTS =
      "{\"recipient\":\"a@example.test\",\"contract_id\":\"c-1\"}";

  @TempDir private Path folder;
  private FakeAgentFlow flow = new FakeAgentFlow(Generation.B);
  private @Nullable TestHub started;

  @AfterEach
  void stop() {
    hub().close();
    flow.close();
  }

  @Test
  void twoPagesOfPendingAreRead() throws IOException {
    askTimes(25);
    start(ONCE);

    await().untilAsserted(() -> assertThat(pending()).hasSize(25));
    assertThat(pending().get(24).path("tool_name").asText()).isEqualTo("tool25");
  }

  @Test
  void anInstanceThatGivesSmallerPagesThanAskedForIsReadToTheEnd() throws IOException {
    flow.givePerPage(7);
    askTimes(16);
    start(OFTEN);

    await().untilAsserted(() -> assertThat(pending()).hasSize(16));
    polls(3);
    assertThat(pending()).hasSize(16);
  }

  @Test
  void anApprovalShowsWhatTheRowSays() throws IOException {
    flow.ask("send_contract", ARGUMENTS);
    start(ONCE);

    var approval = await().until(this::pending, list -> !list.isEmpty()).get(0);
    assertThat(approval.path("tool_name").asText()).isEqualTo("send_contract");
    assertThat(Json.text(approval.path("tool_args"))).isEqualTo(ARGUMENTS);
    assertThat(approval.path("worker_name").asText()).isEqualTo("agent_456");
    assertThat(approval.path("session_id").asText()).isEqualTo("conv_789");
  }

  @Test
  void aRowOfFourFieldsIsEnough() throws IOException {
    var bare = Json.object().putNull("agent_id").putNull("conversation_id");
    flow.ask(bare.putNull("created_at").putNull("expires_at").put("status", "PENDING"), "t", "{}");
    start(ONCE);

    assertThat(pendingId()).isNotEmpty();
  }

  @Test
  void approvesWithAReasonInTheNameOfThePersonWhoDecided() throws IOException {
    var id = flow.ask("send_contract", ARGUMENTS);
    start(OFTEN);

    decide("alice", pendingId(), "{\"approved\": true, \"reason\": \"Corrected recipient\"}");

    awaitDelivered("delivered");
    assertThat(response(0))
        .isEqualTo("{\"status\":\"approved\",\"reason\":\"Corrected recipient\"}");
    assertThat(flow.approval(id).path("status").asText()).isEqualTo("approved");
    assertThat(flow.approval(id).path("approver").asText()).isEqualTo("auth0|alice");
  }

  @Test
  void aPersonWithoutAnIdDecidesInTheNameOfTheConfiguredUser() throws IOException {
    var id = flow.ask("send_contract", ARGUMENTS);
    start(OFTEN);

    decide("bob", pendingId(), "{\"approved\": true}");

    awaitDelivered("delivered");
    assertThat(flow.approval(id).path("approver").asText()).isEqualTo("svc|hub");
  }

  @Test
  void modifiedArgumentsReplaceTheOriginalsAsAWhole() throws IOException {
    var id = flow.ask("send_contract", ARGUMENTS);
    start(OFTEN);

    decide(
        "alice", pendingId(), "{\"approved\":true,\"modified_args\":{\"recipient\":\"b@x.test\"}}");

    awaitDelivered("delivered");
    assertThat(Json.text(flow.approval(id).path("modified_arguments")))
        .isEqualTo("{\"recipient\":\"b@x.test\"}");
  }

  @Test
  void aDenialNeverCarriesModifiedArguments() throws IOException {
    var id = flow.ask("send_contract", ARGUMENTS);
    start(OFTEN);
    var approval = pendingId();

    var edited =
        hub().post("alice", path(approval), "{\"approved\":false,\"modified_args\":{\"a\":1}}");
    decide("alice", approval, "{\"approved\": false, \"reason\": \"Wrong recipient\"}");

    assertThat(edited.status()).isEqualTo(422);
    awaitDelivered("delivered");
    assertThat(response(0)).isEqualTo("{\"status\":\"denied\",\"reason\":\"Wrong recipient\"}");
    assertThat(flow.status(id)).isEqualTo("denied");
  }

  @Test
  void expiredBetweenPollAndRespondIsSaidToBeGone() throws IOException {
    var id = flow.ask("send_contract", ARGUMENTS);
    start(ONCE);
    var approval = pendingId();
    flow.end(id, "expired");

    decide("alice", approval, "{\"approved\": true}");

    awaitDelivered("gone");
    assertThat(hub().status(approval)).isEqualTo("approved");
    assertThat(flow.status(id)).isEqualTo("expired");
  }

  @Test
  void vanishedFromPendingIsCancelledAfterTwoPolls() throws IOException {
    var id = flow.ask("send_contract", ARGUMENTS);
    start(OFTEN);
    var approval = pendingId();

    flow.end(id, "cancelled");

    awaitStatus(approval, "cancelled");
    assertThat(flow.calls("respond")).isEmpty();
  }

  @Test
  void aTokenIsFetchedOnceAndOnceMoreWhenItIsRefused() throws IOException {
    flow.ask("send_contract", ARGUMENTS);
    start(OFTEN);
    var approval = pendingId();
    polls(3);
    assertThat(flow.tokens()).isEqualTo(1);

    flow.forgetTokens();
    decide("alice", approval, "{\"approved\": true}");

    awaitDelivered("delivered");
    assertThat(flow.tokens()).isEqualTo(2);
    assertThat(inbound().condition()).isEqualTo(Condition.WORKING);
  }

  @Test
  void aTokenIsRenewedBeforeItEnds() throws IOException {
    flow.tokensLive(Duration.ofHours(1));
    startByHand(OFTEN);
    await().until(() -> flow.calls("pending").size() > 2);

    hub().bean(TestClock.class).turn(Duration.ofMinutes(55));

    await().until(() -> flow.tokens() == 2);
    assertThat(flow.calls("pending")).allMatch(call -> call.status() == 200);
  }

  @Test
  void wrongCredentialsStopTheAgentAndNameTheSettings() {
    start(OFTEN, Map.of("client-secret", "wrong-secret"));

    await().until(() -> inbound().condition() == Condition.STOPPED);
    assertThat(trouble(inbound()).orElseThrow())
        .isEqualTo(
            "AgentFlow's token endpoint answered 401; check agents.flow.client-id, client-secret"
                + " and audience");
  }

  @Test
  void anotherTenantThanTheTokensStopsTheAgent() {
    start(OFTEN, Map.of("tenant", "globex"));

    await().until(() -> inbound().condition() == Condition.STOPPED);
    assertThat(trouble(inbound()).orElseThrow()).contains("agents.flow.client-id, tenant and user");
  }

  @Test
  void approvedByAnotherUserClosesTheApprovalHere() throws IOException {
    var id = flow.ask("send_contract", ARGUMENTS);
    start(OFTEN);
    var approval = pendingId();

    flow.end(id, "approved");

    awaitStatus(approval, "cancelled");
    var late = hub().post("alice", path(approval), "{\"approved\": false}");
    assertThat(late.status()).isEqualTo(409);
    assertThat(flow.status(id)).isEqualTo("approved");
  }

  @Test
  void theOlderGenerationIsToldActions() throws IOException {
    flow.close();
    flow = new FakeAgentFlow(Generation.A);
    var id = flow.ask("send_email", ARGUMENTS);
    start(OFTEN);
    var approval = pendingId();

    var edited =
        hub().post("alice", path(approval), "{\"approved\":true,\"modified_args\":{\"a\":1}}");
    decide("alice", approval, "{\"approved\": true, \"reason\": \"Looks good\"}");

    assertThat(edited.status()).isEqualTo(422);
    awaitDelivered("delivered");
    assertThat(response(0)).isEqualTo("{\"action\":\"approve\",\"reason\":\"Looks good\"}");
    assertThat(flow.status(id)).isEqualTo("approved");
  }

  @Test
  void aCancelledApprovalIsWithdrawnWhereTheInstanceSaysHow() throws IOException {
    flow.has("cancel");
    flow.has("bulk");
    var id = flow.ask("send_contract", ARGUMENTS);
    start(OFTEN);

    hub().post("alice", "/v2/approvals/" + pendingId() + "/cancel", "{}");

    awaitDelivered("delivered");
    assertThat(flow.status(id)).isEqualTo("cancelled");
    assertThat(flow.calls("respond")).isEmpty();
  }

  @Test
  void aCancelledApprovalIsDeniedWhereTheInstanceCannotWithdrawIt() throws IOException {
    var id = flow.ask("send_contract", ARGUMENTS);
    start(OFTEN);

    hub().post("alice", "/v2/approvals/" + pendingId() + "/cancel", "{}");

    awaitDelivered("delivered");
    assertThat(flow.status(id)).isEqualTo("denied");
    assertThat(flow.approval(id).path("reason").asText()).isEqualTo("Cancelled by alice");
    assertThat(flow.calls("cancel")).isEmpty();
  }

  @Test
  void theHubExpiresAnApprovalAMarginBeforeAgentFlowDoesAndDeniesIt() throws IOException {
    var theirs = Instant.now().plusSeconds(300);
    var id = flow.ask(Json.object().put("expires_at", theirs.toString()), "t", "{}");
    startByHand(OFTEN);
    var approval = pendingId();
    assertThat(hub().get("eve", "/v2/approvals/" + approval).json().path("expires_at").asText())
        .isEqualTo(theirs.truncatedTo(ChronoUnit.MICROS).minusSeconds(5).toString());

    hub().bean(TestClock.class).turn(Duration.ofSeconds(296));
    hub().bean(Desk.class).turn();
    hub().bean(ManualRounds.class).turn();

    assertThat(hub().status(approval)).isEqualTo("expired");
    assertThat(flow.status(id)).isEqualTo("denied");
    assertThat(flow.approval(id).path("reason").asText())
        .isEqualTo("Expired: nobody decided in time");
  }

  @Test
  void aResponseWhoseAnswerWasLostIsLookedForAndNotRepeated() throws IOException {
    var id = flow.ask("send_contract", ARGUMENTS);
    start(ONCE);
    var approval = pendingId();
    polled();

    flow.trouble(FakePlatform.Trouble.ANSWER_LOST, 1);
    decide("alice", approval, "{\"approved\": true}");

    awaitDelivered("unknown");
    assertThat(flow.calls("respond")).hasSize(1);
    assertThat(flow.status(id)).isEqualTo("approved");
  }

  @Test
  void aBrokenInstanceIsAskedAgain() throws IOException {
    var id = flow.ask("send_contract", ARGUMENTS);
    start(ONCE);
    var approval = pendingId();
    polled();

    flow.trouble(FakePlatform.Trouble.BROKEN, 1);
    decide("alice", approval, "{\"approved\": true}");

    awaitDelivered("delivered");
    assertThat(flow.calls("respond")).hasSize(2);
    assertThat(flow.status(id)).isEqualTo("approved");
  }

  @Test
  void aRefusedDecisionDoesNotHoldUpTheOthers() throws IOException {
    flow.refuse(flow.ask("first", ARGUMENTS));
    var second = flow.ask("second", ARGUMENTS);
    start(ONCE);
    polled();
    var refused =
        await().until(this::pending, list -> list.size() == 2).get(0).path("job_id").asText();
    var other = pending().get(1).path("job_id").asText();

    decide("alice", refused, "{\"approved\": true}");

    await().until(() -> trouble(outbound()).isPresent());
    assertThat(trouble(outbound()).get())
        .isEqualTo("AgentFlow answered 422 to the decision and still waits");
    decide("alice", other, "{\"approved\": true}");
    await().until(() -> flow.status(second), "approved"::equals);
    await().until(() -> flow.calls("respond").size() > 2);
    assertThat(hub().delivered(refused)).isEqualTo("waiting");
  }

  @Test
  void aDecisionThatIsTakenAndNotActedOnIsToldThreeTimesMore() throws IOException {
    flow.takeWithoutActing();
    flow.ask("send_contract", ARGUMENTS);
    start(OFTEN);

    decide("alice", pendingId(), "{\"approved\": true}");

    await().until(() -> trouble(inbound()).isPresent());
    assertThat(trouble(inbound()).get()).isEqualTo("takes decisions and does not act on them");
    assertThat(flow.calls("respond")).hasSize(4);
  }

  private void start(String interval) {
    start(interval, Map.of());
  }

  private void start(String interval, Map<String, Object> other) {
    started = TestHub.start(folder, configuration(interval, other), false);
  }

  private void startByHand(String interval) {
    started = TestHub.start(folder, configuration(interval, Map.of()), true);
  }

  private String configuration(String interval, Map<String, Object> other) {
    var settings = Json.object().put("poll-interval", interval);
    flow.settings().forEach((key, value) -> settings.put(key, value.toString()));
    other.forEach((key, value) -> settings.put(key, value.toString()));
    return "hub:\n"
        + TestHub.KEYS
        + """
        people:
          alice: {agentflow: "auth0|alice", webhook: alice}
          bob: {webhook: bob}
        agents:
          local: {type: push}
          second: {type: push}
          flow: %s
        """
            .formatted(Json.text(settings));
  }

  private void askTimes(int times) throws IOException {
    for (var number = 1; number <= times; number++) {
      flow.ask("tool" + number, ARGUMENTS);
    }
  }

  private TestHub hub() {
    return Objects.requireNonNull(started);
  }

  private JsonNode pending() {
    return hub().get("alice", "/v2/approvals?agent=flow").json();
  }

  private String pendingId() {
    return await().until(this::pending, list -> !list.isEmpty()).get(0).path("job_id").asText();
  }

  /// Waits for the end of the first poll, of two pages.
  private void polled() {
    await().until(() -> flow.calls("pending").size() == 2);
  }

  private void polls(int more) {
    var before = flow.calls("pending").size();
    await().until(() -> flow.calls("pending").size() >= before + 4 * more);
  }

  private static String path(String approval) {
    return "/v2/approvals/" + approval + "/decide";
  }

  private void decide(String key, String approval, String body) {
    assertThat(hub().post(key, path(approval), body).status()).isEqualTo(200);
  }

  private void awaitStatus(String approval, String status) {
    await().until(() -> hub().status(approval), status::equals);
  }

  private void awaitDelivered(String delivered) {
    var all = "/v2/approvals?agent=flow&status=";
    await()
        .until(
            () ->
                Stream.of("approved", "denied", "cancelled")
                    .map(status -> hub().get("eve", all + status).json())
                    .flatMap(list -> StreamSupport.stream(list.spliterator(), false))
                    .map(approval -> approval.path("delivered").asText())
                    .toList(),
            list -> list.equals(List.of(delivered)));
  }

  private String response(int number) {
    return flow.calls("respond").get(number).body();
  }

  /// How things stand with what the hub hears from the agent.
  private State inbound() {
    return hub().bean(Contacts.class).of("agent:flow:in").state();
  }

  /// How things stand with what the hub tells the agent.
  private State outbound() {
    return hub().bean(Contacts.class).of("agent:flow").state();
  }

  private static Optional<String> trouble(State contact) {
    return contact.lastTrouble().map(Trouble::what);
  }
}
