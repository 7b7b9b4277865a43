package io.approvalhub.agent.agentflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.WaitingList;
import io.approvalhub.approval.Capabilities;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.kit.JsonRows.Row;
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
  public List<Row> rows() throws IOException {
    return client.rows();
  }

  @Override
  public Optional<ToolCall> call(JsonNode row) {
    return AgentFlowRows.call(row, takes, hub);
  }
}
