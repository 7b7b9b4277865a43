package io.approvalhub.agent.agentflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.WaitingList;
import io.approvalhub.approval.Capabilities;
import io.approvalhub.approval.ToolCall;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// AgentFlow's list as tool calls.
final class AgentFlowList implements WaitingList.Source {

  private final AgentFlowClient client;
  private final Capabilities takes;
  private final AgentHub hub;

  AgentFlowList(AgentFlowClient client, Capabilities takes, AgentHub hub) {
    this.client = client;
    this.takes = takes;
    this.hub = hub;
  }

  @Override
  public List<ToolCall> list() throws IOException {
    var rows = client.pending();
    hub.contact().good();
    return rows.stream().flatMap(row -> call(row).stream()).toList();
  }

  private Optional<ToolCall> call(JsonNode row) {
    var call = AgentFlowRows.call(row, takes, hub);
    if (call.isEmpty()) {
      hub.contact().trouble("AgentFlow lists an approval without id or tool_name", "leaves it out");
    }
    return call;
  }
}
