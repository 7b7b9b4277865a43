package io.approvalhub.agent.hivegate;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.approval.Approval;
import io.approvalhub.approval.Digest;
import io.approvalhub.approval.Takes;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.kit.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/// Reads the rows of HiveGate's list.
final class HiveGateRows {

  private HiveGateRows() {}

  /// The tool call of a row; empty when it lacks what makes it one.
  static Optional<ToolCall> call(JsonNode row, AgentHub hub) {
    var jobId = row.path("job_id").asText("");
    var tool = row.path("tool_name").asText("");
    if (jobId.isEmpty() || tool.isEmpty()) {
      return Optional.empty();
    }
    var arguments =
        Json.text(row.path("tool_args").isMissingNode() ? Json.object() : row.path("tool_args"));
    var asked = timestamp(row.path("timestamp").asText(""));
    var separator = jobId.indexOf(':');
    return Optional.of(
        new ToolCall(
            hub.name(),
            jobId + " " + Digest.of(tool, arguments),
            Optional.of(jobId),
            Optional.empty(),
            tool,
            arguments,
            row.path("worker_name").asText(""),
            row.path("risk_level").asText("medium"),
            row.path("reason").asText(""),
            separator > 0 ? Optional.of(jobId.substring(0, separator)) : Optional.empty(),
            "{}",
            new Takes(true, true, Optional.empty()),
            asked,
            hub.expiry(asked.orElse(hub.clock().instant()))));
  }

  /// The same call, raised anew after `before` had been cancelled.
  static ToolCall again(ToolCall call, Approval before) {
    return new ToolCall(
        call.agent(),
        call.key() + " after " + before.id(),
        call.upstreamId(),
        call.callback(),
        call.tool(),
        call.arguments(),
        call.worker(),
        call.risk(),
        call.reason(),
        call.session(),
        call.context(),
        call.takes(),
        call.askedAt(),
        call.expiresAt());
  }

  /// HiveGate writes UTC without saying so.
  private static Optional<Instant> timestamp(String text) {
    try {
      return Optional.of(
          text.matches(".*(Z|[+-]\\d\\d:?\\d\\d)$")
              ? OffsetDateTime.parse(text).toInstant()
              : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
