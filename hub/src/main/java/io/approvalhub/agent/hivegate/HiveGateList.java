package io.approvalhub.agent.hivegate;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.WaitingList;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.connection.Backoff;
import io.approvalhub.kit.JsonRows.Row;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// HiveGate's list as tool calls.
final class HiveGateList implements WaitingList.Source {

  private final HiveGateClient client;
  private final AgentHub hub;

  HiveGateList(HiveGateClient client, AgentHub hub) {
    this.client = client;
    this.hub = hub;
  }

  HiveGateClient client() {
    return client;
  }

  @Override
  public List<Row> rows() throws IOException {
    return client.list();
  }

  @Override
  public Optional<ToolCall> call(JsonNode row) {
    return HiveGateRows.call(row, hub);
  }

  @Override
  public boolean isElsewhere(ApprovalRecord approval) {
    return Run.of(approval).isPresent();
  }

  /// A commit leaves the rows of its tool calls where they are.
  @Override
  public void clear(ApprovalRecord approval) {
    try {
      var id = approval.call().upstreamId().orElseThrow();
      var reply = client.decide(id, HiveGateRows.decision(approval));
      if (!reply.ok() && reply.status() != 404) {
        throw client.failure(reply);
      }
    } catch (IOException e) {
      hub.contact().trouble(Backoff.reason(e), "tries again if the call is still listed");
    }
  }
}
