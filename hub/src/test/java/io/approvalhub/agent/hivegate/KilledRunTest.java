package io.approvalhub.agent.hivegate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.flow.HubProcess;
import io.approvalhub.kit.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The hub is killed while a run of HiveGate waits.
final class KilledRunTest {

  @TempDir private Path folder;
  private final FakeHiveGateRuns fake = new FakeHiveGateRuns();
  private final HttpClient client = HttpClient.newHttpClient();
  private HubProcess hub;

  @BeforeEach
  void start() {
    hub =
        new HubProcess(
            folder,
            """
            hub:
              keys:
                app: {key: app, role: agent, agent: coder}
                alice: {key: alice, role: operator, person: alice}
            people: {alice: {webhook: alice}}
            agents:
              coder: {type: hivegate, url: "%s", api-key: "%s", poll-interval: 50ms}
            """
                .formatted(fake.address(), FakeHiveGateRuns.KEY));
  }

  @AfterEach
  void stop() {
    hub.close();
    client.shutdownNow();
    fake.close();
  }

  @Test
  void aCommitThatWasOnItsWayIsPossiblyAppliedAndNotRepeated() {
    chat("late");
    approve("send_email");
    await().until(() -> fake.commits().size() == 1);

    hub.kill();
    hub.restart();

    await().until(() -> approval("send_email").path("delivered").asText().equals("unknown"));
    assertThat(fake.commits()).hasSize(1);
  }

  @Test
  void aRunHalfDecidedIsCommittedOnceWithTheRestDenied() {
    chat("two");
    approve("send_email");

    hub.kill();
    hub.restart();

    await().until(() -> approval("open_ticket").path("delivered").asText().equals("delivered"));
    assertThat(approval("send_email").path("delivered").asText()).isEqualTo("delivered");
    assertThat(approval("open_ticket").path("status").asText()).isEqualTo("cancelled");
    assertThat(fake.commits()).hasSize(1);
    assertThat(fake.executed()).containsExactly("send_email {\"to\":\"jane@acme.test\"}");
  }

  private void chat(String message) {
    var body = Json.object().put("message", message).put("user_id", "u").put("session_id", "s");
    var request =
        HttpRequest.newBuilder(hub.address().resolve("/agents/coder/v2/agents/support/chat"))
            .header("X-API-Key", "app")
            .POST(BodyPublishers.ofString(Json.text(body)));
    client.sendAsync(request.build(), BodyHandlers.discarding());
  }

  private void approve(String tool) {
    var id = await().until(() -> approval(tool), found -> found.has("job_id")).path("job_id");
    hub.post("alice", "/v2/approvals/" + id.asText() + "/approve", "");
  }

  private JsonNode approval(String tool) {
    return StreamSupport.stream(all().spliterator(), false)
        .filter(one -> one.path("tool_name").asText().equals(tool))
        .findFirst()
        .orElse(Json.object());
  }

  private JsonNode all() {
    var all = Json.array();
    for (var status : new String[] {"pending", "approved", "cancelled"}) {
      try {
        Json.parse(hub.get("alice", "/v2/approvals?status=" + status)).forEach(all::add);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    return all;
  }
}
