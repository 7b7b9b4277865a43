package io.approvalhub.agent.mistralrs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.agent.relay.RelayClient;
import io.approvalhub.agent.relay.RelayClient.Reading;
import io.approvalhub.agent.relay.StreamingServer.Seen;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Person;
import io.approvalhub.testkit.FakeWebhookReceiver;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Conformance cases M1 to M16, through the relay of a real hub.
final class MistralRsTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final String APPROVE = "{\"approved\": true}";

  @TempDir Path folder;

  private FakeMistralRs fake = new FakeMistralRs(Duration.ofSeconds(20));
  private RelayClient client;

  @BeforeEach
  void start() {
    client = started("");
  }

  @AfterEach
  void close() {
    client.close();
    fake.close();
  }

  @Test
  void anApprovedCallRunsAndAllButTheEventIsPassedByteForByte() {
    var reading = chat("default");
    var approval = client.waiting();
    assertThat(approval.path("tool_name").asText()).isEqualTo("Python code");
    assertThat(approval.path("tool_args").path("code").asText()).isEqualTo("print(2+2)");
    assertThat(approval.path("session_id").asText()).isEqualTo("demo");
    assertThat(approval.path("reason").asText())
        .isEqualTo("A built-in tool of kind code_execution");
    var id = decide(APPROVE);
    assertThat(reading.all()).isEqualTo(sent()).contains("It is 4.").doesNotContain("approval");
    client.delivered(id, "delivered");
    assertThat(fake.run()).containsExactly("mistralrs_execute_python");
    assertThat(fake.decisions().getFirst().body().toString())
        .isEqualTo("{\"decision\":\"approve\",\"remember_for_session\":false,\"message\":null}");
  }

  @Test
  void aDecisionBeforeTheWaitIsQueuedAndDelivered() {
    var reading = chat("early");
    var id = decide(APPROVE);
    client.delivered(id, "delivered");
    assertThat(reading.all()).isEqualTo(sent());
  }

  @Test
  void anApprovalThatIsNotThereAnyMoreIsGone() {
    chat("default");
    var id = client.waiting().path("job_id").asText();
    fake.forget();
    client.decide(id, APPROVE);
    client.delivered(id, "gone");
  }

  @Test
  void theSecondDecisionIsTooLateAndNotSent() {
    var reading = chat("default");
    var id = decide(APPROVE);
    assertThat(client.hub().post("alice", "/v2/approvals/" + id + "/deny", "").status())
        .isEqualTo(409);
    assertThat(reading.all()).isEqualTo(sent());
    assertThat(fake.decisions()).hasSize(1);
  }

  @Test
  void whatNobodyDecidesIsDeniedByTheHubFirst() {
    restart("expires-in: 300ms");
    var reading = chat("default");
    assertThat(reading.all()).isEqualTo(sent()).contains("Expired: nobody decided in time");
    assertThat(fake.run()).isEmpty();
  }

  @Test
  void theHubWaitsAMarginLessThanMistralRs() {
    chat("default");
    var approval = client.waiting();
    var raised = Instant.parse(approval.path("timestamp").asText());
    var expires = Instant.parse(approval.path("expires_at").asText());
    assertThat(Duration.between(raised, expires))
        .isBetween(Duration.ofSeconds(289), Duration.ofSeconds(291));
  }

  @Test
  void anApprovalThatTimedOutThereIsGone() {
    fake.close();
    fake = new FakeMistralRs(Duration.ofMillis(500));
    restart("");
    var reading = chat("default");
    client.waiting();
    assertThat(reading.all()).contains("Approval timed out.");
    client.delivered(cancelled().path("job_id").asText(), "gone");
  }

  @Test
  void theReasonOfADenialReachesTheModel() {
    var reading = chat("shell");
    decide("{\"approved\": false, \"reason\": \"Not on this host.\"}");
    assertThat(reading.all()).isEqualTo(sent()).contains("\"stderr\":\"Not on this host.\"");
    assertThat(fake.run()).isEmpty();
  }

  @Test
  void aDenialWithoutReasonHasMistralRsOwnWords() {
    var reading = chat("default");
    decide("{\"approved\": false}");
    assertThat(reading.all()).contains("Agent action was denied.");
  }

  @Test
  void rememberedSessionsAskNoMore() {
    restart("remember: true");
    var reading = chat("twice");
    decide("{\"approved\": true, \"remember\": true}");
    assertThat(reading.all()).isEqualTo(sent());
    assertThat(fake.decisions()).hasSize(1);
    assertThat(fake.run()).hasSize(2);
  }

  @Test
  void withoutTheSettingNothingIsRemembered() {
    chat("default");
    var id = client.waiting().path("job_id").asText();
    var path = "/v2/approvals/" + id + "/decide";
    var reply = client.hub().post("alice", path, "{\"approved\": true, \"remember\": true}");
    assertThat(reply.status()).isEqualTo(422);
  }

  @Test
  void aDenialCannotBeRemembered() {
    restart("remember: true");
    chat("default");
    var id = client.waiting().path("job_id").asText();
    var path = "/v2/approvals/" + id + "/decide";
    var reply = client.hub().post("alice", path, "{\"approved\": false, \"remember\": true}");
    assertThat(reply.status()).isEqualTo(422);
  }

  @Test
  void withoutAStreamTheRefusalOfMistralRsIsPassedOn() {
    var chat = client.post(CHAT, "{\"model\": \"default\"}");
    assertThat(chat.response().statusCode()).isEqualTo(422);
    assertThat(chat.all()).contains("requires stream=true");
    var messages = client.post("/v1/messages", "{\"model\": \"default\"}");
    assertThat(messages.response().statusCode()).isEqualTo(400);
    assertThat(messages.all()).contains("invalid_request_error");
  }

  @Test
  void whatMistralRsRejectsIsToldAgain() {
    var reading = chat("default");
    client.waiting();
    fake.misread();
    var id = decide(APPROVE);
    awaitTrouble("mistral.rs answered 422");
    assertThat(fake.run()).isEmpty();
    assertThat(client.approval(id).path("delivered").asText()).isEqualTo("waiting");

    fake.readsAgain();

    client.delivered(id, "delivered");
    assertThat(reading.all()).isEqualTo(sent());
    assertThat(fake.decisions()).hasSize(1);
  }

  @Test
  void aServerThatCannotBeReachedIsNoFarewell() {
    chat("default");
    var id = client.waiting().path("job_id").asText();
    fake.close();

    client.decide(id, APPROVE);

    awaitTrouble("mistral.rs cannot be reached");
    assertThat(client.approval(id).path("delivered").asText()).isEqualTo("waiting");
  }

  @Test
  void argumentsThatAreNoObjectAreShownAsTheyAre() {
    var reading = chat("custom");
    var approval = client.waiting();
    assertThat(approval.path("tool_name").asText()).isEqualTo("github_create_issue");
    assertThat(approval.path("tool_args").asText()).isEqualTo("{\"title\": \"broken");
    decide(APPROVE);
    assertThat(reading.all()).isEqualTo(sent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"split", "crlf"})
  void splitChunksKeepAliveAndOtherLineEndsChangeNothing(String model) {
    var reading = chat(model);
    client.waiting();
    await().until(() -> reading.soFar().contains(model.equals("crlf") ? ":\r\n\r\n" : ":\n\n"));
    decide(APPROVE);
    assertThat(reading.all()).isEqualTo(sent());
  }

  @Test
  void theMessagesSurfaceIsRelayedToo() {
    var reading = client.post("/v1/messages", body("shell"));
    client.waiting();
    await().until(() -> reading.soFar().contains("event: ping"));
    decide(APPROVE);
    assertThat(reading.all()).isEqualTo(sent()).contains("message_stop");
  }

  @Test
  void aClientThatHangsUpCancelsAndDenies() throws IOException {
    var reading = chat("default");
    var id = client.waiting().path("job_id").asText();
    reading.leave();
    var approval = client.delivered(id, "delivered");
    assertThat(approval.path("status").asText()).isEqualTo("cancelled");
    assertThat(approval.path("decision_reason").asText()).isEqualTo("the client has gone");
    assertThat(fake.decisions().getFirst().body().path("decision").asText()).isEqualTo("deny");
    assertThat(fake.run()).isEmpty();
  }

  @Test
  void aClientThatHangsUpWhileTheStoreFailsIsNotForgotten() throws IOException, SQLException {
    var reading = chat("default");
    var id = client.waiting().path("job_id").asText();
    store("CREATE TRIGGER full BEFORE UPDATE ON approvals BEGIN SELECT RAISE(ABORT, 'full'); END");
    client.leave(reading);
    assertThat(client.hub().post("alice", "/v2/approvals/" + id + "/deny", "").status())
        .isEqualTo(503);
    assertThat(client.pending()).hasSize(1);
    store("DROP TRIGGER full");
    assertThat(client.delivered(id, "delivered").path("status").asText()).isEqualTo("cancelled");
    assertThat(fake.decisions()).hasSize(1);
  }

  @Test
  void aStreamThatEndsCancelsWhatStillWaits() {
    var reading = chat("bye");
    assertThat(reading.all()).isEqualTo(sent());
    assertThat(cancelled().path("decision_reason").asText()).isEqualTo("the agent's stream ended");
  }

  @Test
  void aLostAnswerIsPossiblyAppliedAndNeverRepeated() {
    var reading = chat("lost");
    var id = decide(APPROVE);
    client.delivered(id, "unknown");
    assertThat(reading.all()).isEqualTo(sent());
    assertThat(fake.decisions()).hasSize(1);
  }

  @Test
  void aClientCanOnlyTighten() {
    client.post(CHAT, "{\"agent_permission\": \"auto\"}").all();
    client.post(CHAT, "{\"code_execution_permission\": \"auto\"}").all();
    client.post(CHAT, "{\"code_execution_permission\": \"deny\", \"stream\": true}").all();
    client.post(CHAT, "{\"agent_permission\": \"deny\", \"stream\": true}").all();
    assertThat(fake.requests())
        .extracting(request -> request.path("agent_permission").asText())
        .containsExactly("ask", "ask", "deny", "deny");
    assertThat(fake.requests()).noneMatch(request -> request.has("code_execution_permission"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/agent/approvals/appr_1",
        "/v1/agent/approvals/appr_1/",
        "/v1/Agent/approvals/appr_1"
      })
  void clientsCannotDecide(String path) {
    restart("pass: all");
    assertThat(client.post(path, "{}").response().statusCode()).isEqualTo(403);
    assertThat(fake.server().seen()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1//agent/approvals/x",
        "/v1/./agent/approvals/x",
        "/v1/chat/../agent/approvals/x",
        "/v1/%61gent/approvals/x",
        "/v1%2Fagent/approvals/x",
        "/v1/agent;/approvals/x"
      })
  void pathsWithTwoReadingsAreRefused(String path) {
    assertThat(client.post(path, "{}").response().statusCode()).isEqualTo(403);
    restart("pass: all");
    assertThat(client.post(path, "{}").response().statusCode()).isEqualTo(400);
    assertThat(fake.server().seen()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/re_isq", "/v1/Chat/Completions", "/v1/chat/completions/", "/docs"})
  void whatIsNotListedPassesOnlyWhereTheOperatorSaysSo(String path) {
    var refused = client.post(path, "{}");
    assertThat(refused.response().statusCode()).isEqualTo(403);
    assertThat(refused.all()).contains("agents.llm.pass: all");
    assertThat(fake.server().seen()).isEmpty();
    restart("pass: all");
    client.post(path, "{}").all();
    assertThat(fake.server().seen()).extracting(Seen::target).containsExactly(path);
  }

  @Test
  void aMisspeltPassStopsTheStart(@TempDir Path another) {
    assertThatThrownBy(() -> RelayClient.start(another, agent("pass: everything")))
        .hasStackTraceContaining("agents.llm.pass");
  }

  @Test
  void aRefusalHasTheFormThatClientsOfTheApiRead() throws IOException {
    var tools = "{\"tools\": [{\"type\": \"shell\"}]}";
    var openai = Json.parse(client.post("/v1/responses", tools).all()).path("error");
    assertThat(openai.path("message").asText()).contains("use /v1/chat/completions");
    assertThat(openai.path("type").asText()).isEqualTo("permission_error");
    var anthropic = Json.parse(client.post("/v1/messages", "[").all());
    assertThat(anthropic.path("type").asText()).isEqualTo("error");
    assertThat(anthropic.path("error").path("message").asText()).contains("JSON object");
    assertThat(anthropic.path("error").path("type").asText()).isEqualTo("invalid_request_error");
    var withoutKey = client.hub().get("wrong", "/agents/llm/v1/models").json();
    assertThat(withoutKey.path("error").path("message").asText()).isEqualTo("Invalid API key");
    assertThat(client.hub().get("app", "/agents/llm/docs").detail()).contains("pass: all");
  }

  @Test
  void anEventThatCannotBeReadIsLeftToExpireAndTheStreamGoesOn() {
    var reading = chat("unreadable");
    assertThat(reading.all()).isEqualTo(sent()).contains("It is 4.");
    assertThat(client.pending()).isEmpty();
    assertThat(client.hub().get("eve", "/health").response().body())
        .contains("that cannot be shown: the event");
  }

  @Test
  void anEventThatIsTooLargeIsLeftToExpireAndTheStreamGoesOn() {
    var reading = chat("large");
    assertThat(reading.all()).isEqualTo(sent()).contains("It is 4.");
    assertThat(client.pending()).isEmpty();
    assertThat(client.hub().get("eve", "/health").response().body()).contains("too large");
  }

  @Test
  void toolsAreRefusedWhereMistralRsAsksForNoApproval() {
    var refused = client.post("/v1/responses", "{\"tools\": [{\"type\": \"shell\"}]}");
    assertThat(refused.response().statusCode()).isEqualTo(403);
    assertThat(client.post("/v1/responses", "{\"tools\": []}").all()).contains("response");
  }

  @Test
  void theEventIsPassedOnIfTheOperatorSaysSo() {
    restart("approval-events: pass");
    var reading = chat("default");
    decide(APPROVE);
    assertThat(reading.all()).isEqualTo(fake.streams().getFirst().sent());
  }

  @Test
  void keysStayOnTheirSideOfTheHub() {
    restart("api-key: upstream-secret");
    var reading = chat("default");
    decide(APPROVE);
    reading.all();
    assertThat(fake.server().seen())
        .allMatch(
            call -> List.of("Bearer upstream-secret").equals(call.headers().get("Authorization")))
        .noneMatch(call -> call.headers().containsKey("X-api-key"));
    assertThat(reading.response().headers().map().toString()).doesNotContain("upstream-secret");
  }

  @Test
  void onlyAKeyOfTheAgentOpensIt() {
    var path = "/agents/llm/health";
    assertThat(client.hub().get("", path).status()).isEqualTo(401);
    assertThat(client.hub().get("stranger", path).status()).isEqualTo(403);
    assertThat(client.hub().get("alice", path).status()).isEqualTo(403);
    assertThat(client.hub().get("app", path).status()).isEqualTo(200);
    assertThat(client.hub().get("", "/agents/llm/key=app/health").status()).isEqualTo(200);
    assertThat(client.hub().get("", "/agents/llm/key=wrong/health").status()).isEqualTo(401);
    assertThat(client.hub().get("stranger", "/agents/second/health").status()).isEqualTo(404);
  }

  @Test
  void largeBodiesPassButNoLargerThanTheyMayBe() {
    var session = BodyPublishers.ofByteArray(new byte[40_000_000]);
    var put = client.read(client.request("/v1/sessions/s").PUT(session).build());
    assertThat(put.all()).isEqualTo("{\"bytes\":40000000}");
    var larger = client.hub().post("app", "/v2/approvals", "x".repeat(3_000_000));
    assertThat(larger.status()).isEqualTo(413);
  }

  @Test
  void theApprovalsOfADeadHubAreCancelledAndDenied() {
    chat("default");
    var id = client.waiting().path("job_id").asText();
    client.close();
    client = started("");
    client.delivered(id, "delivered");
    assertThat(client.approval(id).path("status").asText()).isEqualTo("cancelled");
    assertThat(fake.decisions().getFirst().body().path("decision").asText()).isEqualTo("deny");
  }

  @Test
  void theirOwnClientRunsUnchangedAndIsDecidedByAClick() throws Exception {
    try (var phone = new FakeWebhookReceiver()) {
      client.close();
      client =
          RelayClient.start(
              folder,
              agent(""),
              "channels: {phone: {plugin: webhook, approvers: [alice], settings: {url: '%s', secret: '%s', allow-private: true}}}"
                  .formatted(phone.settings().get("url"), phone.settings().get("secret")));
      var relayed = python(client.hub().address() + "/agents/llm/key=app/v1");
      await().until(() -> phone.shown().size() == 1);
      var message = phone.shown().getFirst();
      assertThat(message.text()).contains("print(2+2)");
      phone.click(message, Action.APPROVE, new Person("alice", "Alice"), Optional.empty());
      var output = output(relayed);
      fake.remember("approval-demo");
      assertThat(output).isEqualTo(output(python(fake.address() + "/v1"))).contains("It is 4.");
    }
  }

  private static Process python(String address) throws IOException {
    var script = Files.createTempFile("client", ".py");
    try (var source = MistralRsTest.class.getResourceAsStream("/code_execution_approval.py")) {
      var text = new String(source.readAllBytes(), UTF_8);
      Files.writeString(script, text.replace("http://localhost:1234/v1", address));
    }
    var process =
        new ProcessBuilder("python3", script.toString()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    return process;
  }

  private static String output(Process process) throws Exception {
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  private void awaitTrouble(String words) {
    await()
        .untilAsserted(
            () -> assertThat(client.hub().get("eve", "/health").response().body()).contains(words));
  }

  private JsonNode cancelled() {
    var path = "/v2/approvals?status=cancelled";
    return await()
        .until(() -> client.hub().get("eve", path).json(), list -> list.size() == 1)
        .get(0);
  }

  private Reading chat(String model) {
    return client.post(CHAT, body(model));
  }

  private static String body(String model) {
    return "{\"model\": \"%s\", \"stream\": true, \"session_id\": \"demo\"}".formatted(model);
  }

  private String decide(String body) {
    var id = client.waiting().path("job_id").asText();
    client.decide(id, body);
    return id;
  }

  /// What the client is to get of the only stream.
  private String sent() {
    return fake.streams().getFirst().sentWithout(FakeMistralRs.EVENT);
  }

  private void store(String statement) throws SQLException {
    var url = "jdbc:sqlite:" + folder.resolve("data/hub.db") + "?busy_timeout=5000";
    try (var connection = DriverManager.getConnection(url);
        var sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  private RelayClient started(String settings) {
    return RelayClient.start(folder, agent(settings));
  }

  private String agent(String settings) {
    return "type: mistralrs, url: '%s', %s".formatted(fake.address(), settings);
  }

  private void restart(String settings) {
    client.close();
    client = started(settings);
  }
}
