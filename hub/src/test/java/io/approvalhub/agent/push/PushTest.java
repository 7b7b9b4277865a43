package io.approvalhub.agent.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.TestClock;
import io.approvalhub.TestHub;
import io.approvalhub.delivery.ManualRounds;
import io.approvalhub.kit.Json;
import io.approvalhub.testkit.FakePlatform.Call;
import io.approvalhub.testkit.FakeServer;
import io.approvalhub.testkit.FakeServer.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The courier and the clock are turned by hand.
final class PushTest {

  @TempDir private Path folder;
  private final FakeServer receiver = new FakeServer();
  private int status = 200;
  private TestHub hub;

  @BeforeEach
  void start() {
    receiver.on("POST", "/hooks/[a-z]+", "callback", _ -> Answer.of(status));
    var configuration =
        """
        hub:
          keys:
            ci: {key: ci, role: agent, agent: local}
            alice: {key: alice, role: operator, person: alice}
            eve: {key: eve, role: observer}
        people: {alice: {webhook: alice}}
        agents:
          local: {type: push, callbacks: ["%s/hooks/", "http://127.0.0.1:1/hooks"], callback-secret: "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"}
        """
            .formatted(receiver.address());
    hub = TestHub.start(folder, configuration, true);
  }

  @AfterEach
  void stop() {
    hub.close();
    receiver.close();
  }

  @Test
  void aCallbackTellsTheDecisionWithItsEdit() throws IOException {
    var id = raise("one");
    hub.post(
        "alice",
        "/v2/approvals/" + id + "/decide",
        "{\"approved\": true, \"reason\": \"ok\", \"modified_args\": {\"n\": 2}}");
    turn();

    var data = Json.parse(receiver.calls().getFirst().body()).path("data");
    assertThat(data.path("approved").asBoolean()).isTrue();
    assertThat(data.path("modified_args").path("n").asInt()).isEqualTo(2);
    assertThat(data.path("reason").asText()).isEqualTo("ok");
    assertThat(hub.delivered(id)).isEqualTo("delivered");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 422, 500})
  void aRefusalIsNoFarewell(int refusal) {
    status = refusal;
    var id = decided("one");
    turn();
    hub.bean(TestClock.class).turn(Duration.ofMinutes(1));
    turn();
    assertThat(hub.delivered(id)).isEqualTo("waiting");
    assertThat(hub.get("eve", "/v2/approvals/" + id).json().path("trouble").asText())
        .isEqualTo("callback answered " + refusal);

    status = 204;
    hub.bean(TestClock.class).turn(Duration.ofMinutes(1));
    turn();

    assertThat(hub.delivered(id)).isEqualTo("delivered");
  }

  @Test
  void aReceiverThatIsGoneSaysSo() {
    status = 410;
    var id = decided("one");
    turn();
    assertThat(hub.delivered(id)).isEqualTo("gone");
  }

  @Test
  void aCallbackOfASessionThatDiedIsGivenUp() {
    status = 404;
    var id = decided("one");
    turn();
    hub.bean(TestClock.class).turn(Duration.ofDays(8));
    turn();
    var calls = receiver.calls().size();

    hub.bean(TestClock.class).turn(Duration.ofHours(1));
    turn();

    assertThat(receiver.calls()).hasSize(calls).extracting(Call::status).containsOnly(404);
    assertThat(hub.delivered(id)).isEqualTo("unknown");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/hooks/%2e%2e/admin/delete",
        "/hooks/../admin/delete",
        "/hooks/..%2fadmin",
        "/hooks/%252e%252e/admin",
        "/hooks/..;/admin",
        "/hooks//admin",
        "/hooks/a%5c..%5cadmin",
        "/hooks-admin",
        "/"
      })
  void anAddressThatMayBeReadAsAnotherIsRefused(String path) {
    var body =
        "{\"tool_name\": \"rm\", \"tool_args\": {}, \"callback_url\": \"%s\"}"
            .formatted(receiver.address() + path);

    var answer = hub.post("ci", "/v2/approvals", body);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.response().body()).contains("callback_url");
  }

  @Test
  void aCallbackThatRefusesHoldsUpNoOther() {
    var dead = raiseAt("http://127.0.0.1:1/hooks/one");
    hub.post("alice", "/v2/approvals/" + dead + "/approve", "");
    turn();
    var id = decided("two");
    turn();

    assertThat(hub.delivered(dead)).isEqualTo("waiting");
    assertThat(hub.delivered(id)).isEqualTo("delivered");
  }

  private String decided(String session) {
    var id = raise(session);
    hub.post("alice", "/v2/approvals/" + id + "/approve", "");
    return id;
  }

  private String raise(String session) {
    return raiseAt(receiver.address() + "/hooks/" + session);
  }

  private String raiseAt(String callback) {
    var body =
        "{\"tool_name\": \"rm\", \"tool_args\": {\"n\": 1}, \"callback_url\": \"%s\"}"
            .formatted(callback);
    return hub.post("ci", "/v2/approvals", body).json().path("job_id").asText();
  }

  private void turn() {
    hub.bean(ManualRounds.class).turn();
  }
}
