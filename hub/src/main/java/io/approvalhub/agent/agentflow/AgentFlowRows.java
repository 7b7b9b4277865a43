package io.approvalhub.agent.agentflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.CallKey;
import io.approvalhub.agent.Timestamps;
import io.approvalhub.approval.Capabilities;
import io.approvalhub.approval.Digest;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.kit.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads the rows of AgentFlow's list, of which only id, tool and arguments are certain.
final class AgentFlowRows {

  /// How long before AgentFlow stops waiting the hub does, so that a last decision still arrives.
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private AgentFlowRows() {}

  static String id(JsonNode row) {
    return row.path("id").asText("");
  }

  /// Whether a row is about something that waits; an instance that does not say lists nothing else.
  static boolean waits(JsonNode row) {
    return row.path("status").asText("pending").equalsIgnoreCase("pending");
  }

  /// The tool call of a row; empty when it lacks what makes it one.
  static Optional<ToolCall> call(JsonNode row, Capabilities takes, AgentHub hub) {
    var id = id(row);
    var tool = row.path("tool_name").asText("");
    if (id.isEmpty() || tool.isEmpty()) {
      return Optional.empty();
    }
    var arguments =
        Json.text(row.path("arguments").isMissingNode() ? Json.object() : row.path("arguments"));
    var asked = Timestamps.parse(row.path("created_at").asText(""));
    return Optional.of(
        ToolCall.of(hub.name(), CallKey.of(id, Digest.of(tool, arguments)), tool, arguments)
            .upstreamId(id)
            .worker(row.path("agent_id").asText(""))
            .session(row.path("conversation_id").asText(""))
            .takes(takes)
            .askedAt(asked)
            .expiresAt(expiry(row, asked, hub)));
  }

  /// The operator's limit or AgentFlow's own, whichever comes first.
  private static Optional<Instant> expiry(JsonNode row, Optional<Instant> asked, AgentHub hub) {
    var theirs = Timestamps.parse(row.path("expires_at").asText("")).map(at -> at.minus(MARGIN));
    var ours = hub.expiry(asked.orElse(hub.clock().instant()));
    return Stream.concat(theirs.stream(), ours.stream()).min(Instant::compareTo);
  }
}
