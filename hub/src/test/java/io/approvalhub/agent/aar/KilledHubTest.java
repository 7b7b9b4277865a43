package io.approvalhub.agent.aar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.flow.HubProcess;
import io.approvalhub.kit.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The hub is killed while Aar waits for a decision.
final class KilledHubTest {

  private static final String CALL =
      "[[{\"tool_name\": \"bash\", \"tool_call_id\": \"c1\", \"arguments\": {\"command\":"
          + " \"ls\"}}]]";

  @TempDir private Path folder;
  private HubProcess hub;

  @BeforeEach
  void start() {
    hub = new HubProcess(folder, AarTest.CONFIGURATION);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void aHubKilledWhileAarWaitsDenies() {
    try (var aar = FakeAar.start(hub.address(), "ci", "{\"patience\": 1}")) {
      aar.chat(1, CALL);
      pending();

      hub.kill();

      assertThat(aar.output(1)).isEqualTo("Error [denied]: tool call denied by user");
    }
  }

  @Test
  void aHubThatComesBackIsAskedForTheSameApproval() {
    try (var aar = FakeAar.start(hub.address(), "ci", "{\"patience\": 60}")) {
      aar.chat(1, CALL);
      var approval = pending();

      hub.kill();
      hub.restart();
      hub.post("alice", "/v2/approvals/" + approval + "/approve", "");

      assertThat(aar.output(1)).isEqualTo("ran {\"command\": \"ls\"}");
    }
  }

  private String pending() {
    return await().until(this::waiting, list -> list.size() == 1).path(0).path("job_id").asText();
  }

  private JsonNode waiting() throws IOException {
    return Json.parse(hub.get("alice", "/v2/approvals"));
  }
}
