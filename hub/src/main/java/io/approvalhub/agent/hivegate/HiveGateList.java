package io.approvalhub.agent.hivegate;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.WaitingList;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.connection.Backoff;
import java.io.IOException;
import java.util.ArrayList;
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
  public List<ToolCall> list() throws IOException {
    var rows = client.list();
    hub.contact().good();
    var calls = new ArrayList<ToolCall>();
    rows.forEach(row -> call(row).ifPresent(calls::add));
    return calls;
  }

  @Override
  public boolean isElsewhere(ApprovalRecord approval) {
    return Run.of(approval).isPresent();
  }

  /// A commit leaves the rows of its tool calls where they are.
  @Override
  public void clear(ApprovalRecord approval) {
    try {
      client.decide(approval.call().upstreamId().orElseThrow(), HiveGateRows.decision(approval));
    } catch (IOException e) {
      hub.contact().trouble(Backoff.reason(e), "tries again if the call is still listed");
    }
  }

  private Optional<ToolCall> call(JsonNode row) {
    var call = HiveGateRows.call(row, hub);
    if (call.isEmpty()) {
      hub.contact()
          .trouble("HiveGate lists an approval without job_id or tool_name", "leaves it out");
    }
    return call;
  }
}
