package io.approvalhub.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.approvalhub.TestHub;
import io.approvalhub.agent.HttptoolsServer.Request;
import io.approvalhub.delivery.ManualRounds;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Most agents in Python run in a server that cannot be offered an upgrade of the connection.
final class HttptoolsTest {

  private static final String ROW =
      """
      [{"job_id": "run:call", "worker_name": "", "tool_name": "deploy", "tool_args": {}, "risk_level": "medium",
        "reason": "r", "timestamp": "2026-07-05T10:30:00"}]\
      """;

  @TempDir private Path folder;
  private final HttptoolsServer server = new HttptoolsServer(HttptoolsTest::answer);
  private TestHub hub;

  @BeforeEach
  void start() {
    var configuration =
        """
        hub:
          keys:
            ci: {key: ci, role: agent, agent: local}
            alice: {key: alice, role: operator, person: alice}
            eve: {key: eve, role: observer}
        people: {alice: {webhook: alice}}
        agents:
          coder: {type: hivegate, url: "%1$s", poll-interval: 10ms}
          local: {type: push, callbacks: ["%1$s/hook"], callback-secret: "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"}
        """
            .formatted(server.address());
    hub = TestHub.start(folder, configuration, true);
  }

  @AfterEach
  void stop() {
    hub.close();
    server.close();
  }

  @Test
  void aPolledAgentTakesItsDecision() {
    var waiting =
        await().until(() -> hub.get("eve", "/v2/approvals").json(), list -> list.size() == 1);
    var id = waiting.get(0).path("job_id").asText();

    hub.post("alice", "/v2/approvals/" + id + "/approve", "");
    hub.bean(ManualRounds.class).turn();

    assertThat(hub.delivered(id)).isEqualTo("delivered");
    assertThat(bodies("/v2/approvals/run%3Acall/decide")).containsExactly("{\"approved\":true}");
  }

  @Test
  void aCallbackTakesItsDecision() {
    var body =
        "{\"tool_name\": \"rm\", \"tool_args\": {}, \"callback_url\": \"%s/hook\"}"
            .formatted(server.address());
    var id = hub.post("ci", "/v2/approvals", body).json().path("job_id").asText();

    hub.post("alice", "/v2/approvals/" + id + "/deny", "");
    hub.bean(ManualRounds.class).turn();

    assertThat(hub.delivered(id)).isEqualTo("delivered");
    assertThat(bodies("/hook")).hasSize(1);
  }

  private List<String> bodies(String path) {
    return server.taken().stream()
        .filter(request -> request.path().equals(path))
        .map(Request::body)
        .toList();
  }

  private static String answer(Request request) {
    return request.path().equals("/v2/approvals") ? ROW : "{\"status\": \"approved\"}";
  }
}
