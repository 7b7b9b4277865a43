package io.approvalhub.agent.mixpeek;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.approvalhub.agent.relay.RelayClient;
import io.approvalhub.agent.relay.RelayClient.Reading;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Conformance cases X1 to X10, through the relay of a real hub.
final class MixpeekTest {

  private static final String SESSION = "/v1/agents/sessions/ses_abc";
  private static final String APPROVE = "{\"approved\": true}";
  private static final String DENY = "{\"approved\": false}";

  @TempDir Path folder;

  private final FakeMixpeek fake = new FakeMixpeek();
  private RelayClient client;

  @BeforeEach
  void start() {
    client = RelayClient.start(folder, agent("namespace: ns_1"));
  }

  @AfterEach
  void close() {
    fake.goOn();
    client.close();
    fake.close();
  }

  @Test
  void theContinuationIsSplicedIntoTheAnswerThatTheClientReads() {
    var reading = message("delete");
    var id = decide(APPROVE);
    assertThat(reading.all()).isEqualTo(sent()).contains("tool_result", "as requested", "done");
    client.delivered(id, "delivered");
    assertThat(fake.confirmations().getFirst().approved().isBoolean()).isTrue();
  }

  @Test
  void answersThatAskNothingArePassed() {
    assertThat(message("hello").all()).isEqualTo(sent()).contains("Nothing to do.");
  }

  @Test
  void aContinuationNeedNotWaitForTheEndOfTheFirstStream() {
    var reading = message("open");
    decide(APPROVE);
    await().until(() -> reading.soFar().contains("as requested"));
    fake.goOn();
    assertThat(reading.all()).contains("event: thinking");
  }

  @Test
  void aDenialGoesOnWithoutToolResult() {
    var reading = message("delete");
    decide(DENY);
    assertThat(reading.all()).isEqualTo(sent()).contains("Okay").doesNotContain("tool_result");
  }

  @Test
  void whatNobodyDecidesIsDeniedByTheHubFirst() {
    restart("expires-in: 300ms");
    assertThat(message("delete").all()).isEqualTo(sent()).contains("Okay");
  }

  @Test
  void oneDecisionIsSentOnly() {
    var reading = message("delete");
    var id = decide(APPROVE);
    assertThat(client.hub().post("alice", "/v2/approvals/" + id + "/deny", "").status())
        .isEqualTo(409);
    reading.all();
    assertThat(fake.confirmations()).hasSize(1);
  }

  @Test
  void aConfirmationThatExpiredThereIsGoneAndTheAnswerEnds() {
    var reading = message("delete");
    client.waiting();
    fake.expire();
    var id = decide(APPROVE);
    client.delivered(id, "gone");
    assertThat(reading.all()).isEqualTo(sent());
    assertThat(fake.confirmations().getFirst().status()).isEqualTo(400);
  }

  @Test
  void theHubWaitsAMarginLessThanMixpeek() {
    message("delete");
    var approval = client.waiting();
    var raised = Instant.parse(approval.path("timestamp").asText());
    var expires = Instant.parse(approval.path("expires_at").asText());
    assertThat(Duration.between(raised, expires))
        .isBetween(Duration.ofSeconds(284), Duration.ofSeconds(286));
  }

  @Test
  void anUnknownConfirmationIsGone() {
    var reading = message("delete");
    client.waiting();
    fake.forget();
    client.delivered(decide(APPROVE), "gone");
    assertThat(reading.all()).isEqualTo(sent());
    assertThat(fake.confirmations().getFirst().status()).isEqualTo(404);
  }

  @Test
  void whatMixpeekRejectsIsToldAgainAndTheAnswerWaits() {
    var reading = message("delete");
    client.waiting();
    fake.misread();
    var id = decide(APPROVE);
    await()
        .untilAsserted(
            () ->
                assertThat(client.hub().get("eve", "/health").response().body())
                    .contains("Mixpeek answered 422"));
    assertThat(client.approval(id).path("delivered").asText()).isEqualTo("waiting");

    fake.readsAgain();

    client.delivered(id, "delivered");
    assertThat(reading.all()).isEqualTo(sent()).contains("as requested");
    assertThat(fake.confirmations().getFirst().status()).isEqualTo(422);
  }

  @Test
  void aConfirmationInsideAContinuationIsAskedToo() {
    var reading = message("chain");
    var first = decide(APPROVE);
    var second =
        await()
            .until(
                client::pending,
                list -> list.size() == 1 && !list.get(0).path("job_id").asText().equals(first))
            .get(0);
    assertThat(second.path("tool_name").asText()).isEqualTo("delete_bucket");
    assertThat(second.path("tool_args").toString()).isEqualTo("{\"bucket_id\":\"bkt_1\"}");
    client.decide(second.path("job_id").asText(), DENY);
    assertThat(reading.all()).isEqualTo(sent()).contains("Okay");
  }

  @Test
  void aBareConfirmationIsTheToolCallBeforeIt() {
    message("delete");
    var approval = client.waiting();
    assertThat(approval.path("tool_name").asText()).isEqualTo("delete_collection");
    assertThat(approval.path("tool_args").toString()).isEqualTo("{\"collection_id\":\"col_1\"}");
    assertThat(approval.path("session_id").asText()).isEqualTo("ses_abc");
  }

  @Test
  void aConfirmationMayCarryEverything() {
    var reading = message("full");
    assertThat(reading.all()).contains("Okay");
    var path = "/v2/approvals?status=expired";
    var approval = client.hub().get("eve", path).json().get(0);
    assertThat(approval.path("tool_name").asText()).isEqualTo("delete_bucket");
    assertThat(approval.path("tool_args").toString()).isEqualTo("{\"bucket_id\":\"bkt_1\"}");
    assertThat(approval.path("reason").asText()).isEqualTo("Deletes a bucket for good");
  }

  @Test
  void withoutConfiguredNamespaceTheClientsCounts() {
    restart("");
    var request = client.request(SESSION + "/messages").header("X-Namespace", "mine");
    var body = BodyPublishers.ofString("{\"content\": \"delete\"}");
    var reading = client.read(request.POST(body).build());
    decide(APPROVE);
    reading.all();
    assertThat(namespaces()).containsExactly(List.of("mine"), List.of("mine"));
  }

  @Test
  void withoutAnyNamespaceNoneIsSent() {
    restart("");
    var reading = message("delete");
    decide(APPROVE);
    reading.all();
    assertThat(namespaces()).containsExactly(List.of(), List.of());
  }

  @Test
  void theContinuationIsReadAndKeptForAClientThatHasGone() throws IOException {
    var reading = message("slow");
    decide(APPROVE);
    await().until(() -> reading.soFar().contains("tool_result"));
    client.leave(reading);
    fake.goOn();
    var kept =
        await()
            .until(
                () -> client.hub().get("app", "/agents/llm" + SESSION + "/continuation"),
                reply -> reply.status() == 200);
    assertThat(kept.response().body()).contains("as requested").endsWith("data: {}\n\n");
    var again = client.hub().get("app", "/agents/llm" + SESSION + "/continuation");
    assertThat(again.status()).isEqualTo(404);
  }

  @Test
  void aClientThatHangsUpCancelsAndDenies() throws IOException {
    var reading = message("delete");
    var id = client.waiting().path("job_id").asText();
    reading.leave();
    assertThat(client.delivered(id, "delivered").path("status").asText()).isEqualTo("cancelled");
    assertThat(fake.confirmations().getFirst().approved().asBoolean()).isFalse();
  }

  @Test
  void aLostAnswerIsPossiblyAppliedAndNeverRepeated() {
    var reading = message("lost");
    client.delivered(decide(APPROVE), "unknown");
    assertThat(reading.all()).isEqualTo(sent());
    assertThat(fake.confirmations()).hasSize(1);
  }

  @Test
  void aClientThatWithdrawsItsApprovalIsToldOn() {
    var reading = message("delete");
    var id = client.waiting().path("job_id").asText();
    assertThat(client.hub().post("app", "/v2/approvals/" + id + "/cancel", "").status())
        .isEqualTo(200);
    assertThat(reading.all()).isEqualTo(sent()).contains("Okay");
  }

  @Test
  void clientsCannotDecide() {
    var path = SESSION + "/confirmations/conf_delete";
    assertThat(client.post(path, APPROVE).response().statusCode()).isEqualTo(403);
    assertThat(fake.server().seen()).isEmpty();
  }

  private List<List<String>> namespaces() {
    return fake.server().seen().stream()
        .map(call -> call.headers().getOrDefault("X-namespace", List.of()))
        .toList();
  }

  private Reading message(String content) {
    return client.post(SESSION + "/messages", "{\"content\": \"" + content + "\"}");
  }

  private String decide(String body) {
    var id = client.waiting().path("job_id").asText();
    client.decide(id, body);
    return id;
  }

  /// What the client is to get: every stream after the other.
  private String sent() {
    return fake.streams().stream()
        .map(stream -> stream.sentWithout(FakeMixpeek.EVENT))
        .collect(Collectors.joining());
  }

  private String agent(String settings) {
    return "type: mixpeek, url: '%s', api-key: %s, %s"
        .formatted(fake.address(), FakeMixpeek.KEY, settings);
  }

  private void restart(String settings) {
    client.close();
    client = RelayClient.start(folder, agent(settings));
  }
}
