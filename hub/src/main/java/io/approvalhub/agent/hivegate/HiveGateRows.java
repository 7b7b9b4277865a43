package io.approvalhub.agent.hivegate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.CallKey;
import io.approvalhub.agent.Instruction;
import io.approvalhub.agent.Timestamps;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.Capabilities;
import io.approvalhub.approval.Digest;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.JsonRows.Row;
import java.util.Optional;

/// The rows of HiveGate's list, and what is answered to them.
final class HiveGateRows {

  private HiveGateRows() {}

  /// A decision as HiveGate takes it on a row.
  static JsonNode decision(ApprovalRecord approval) {
    return switch (Instruction.of(approval)) {
      case Instruction.Approve(_, var note) -> decision(true, note);
      case Instruction.ApproveEdited(var arguments, var note) ->
          decision(true, note).set("modified_args", arguments);
      case Instruction.Deny(var reason) -> decision(false, reason);
    };
  }

  private static ObjectNode decision(boolean approved, Optional<String> reason) {
    var decision = Json.object().put("approved", approved);
    reason.ifPresent(text -> decision.put("reason", text));
    return decision;
  }

  static boolean isOf(Row row, String jobId) {
    return row instanceof Row.Value(var json) && json.path("job_id").asText("").equals(jobId);
  }

  /// The tool call of a row; empty when it lacks what makes it one.
  static Optional<ToolCall> call(JsonNode row, AgentHub hub) {
    var jobId = row.path("job_id").asText("");
    var tool = row.path("tool_name").asText("");
    if (jobId.isEmpty() || tool.isEmpty()) {
      return Optional.empty();
    }
    var arguments =
        Json.text(row.path("tool_args").isMissingNode() ? Json.object() : row.path("tool_args"));
    var asked = Timestamps.parse(row.path("timestamp").asText(""));
    var separator = jobId.indexOf(':');
    return Optional.of(
        ToolCall.of(hub.name(), CallKey.of(jobId, Digest.of(tool, arguments)), tool, arguments)
            .upstreamId(jobId)
            .worker(row.path("worker_name").asText(""))
            .risk(row.path("risk_level").asText("medium"))
            .reason(row.path("reason").asText(""))
            .session(jobId.substring(0, Math.max(0, separator)))
            .takes(new Capabilities(true, true, Optional.empty()))
            .askedAt(asked)
            .expiresAt(hub.expiry(asked.orElse(hub.clock().instant()))));
  }
}
