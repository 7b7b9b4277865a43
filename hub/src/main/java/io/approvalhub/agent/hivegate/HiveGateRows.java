package io.approvalhub.agent.hivegate;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.Timestamps;
import io.approvalhub.agent.Wording;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.ApprovalRecord.Resolution;
import io.approvalhub.approval.Capabilities;
import io.approvalhub.approval.Digest;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.kit.Json;
import java.io.IOException;
import java.util.Optional;

/// The rows of HiveGate's list, and what is answered to them.
final class HiveGateRows {

  private HiveGateRows() {}

  /// A decision as HiveGate takes it on a row.
  static JsonNode decision(ApprovalRecord approval) throws IOException {
    var decision = Json.object().put("approved", Wording.approved(approval));
    Wording.reason(approval).ifPresent(reason -> decision.put("reason", reason));
    var edited = approval.resolution().flatMap(Resolution::arguments);
    if (edited.isPresent()) {
      decision.set("modified_args", Json.parse(edited.get()));
    }
    return decision;
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
        ToolCall.of(hub.name(), jobId + " " + Digest.of(tool, arguments), tool, arguments)
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
