package io.approvalhub.agent.mistralrs;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.CallKey;
import io.approvalhub.agent.relay.ApprovalEvents;
import io.approvalhub.agent.relay.ApprovalFinder;
import io.approvalhub.agent.relay.ApprovalLifetime;
import io.approvalhub.agent.relay.Deadline;
import io.approvalhub.agent.relay.ServerSentEvent;
import io.approvalhub.approval.Capabilities;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.kit.Bounds;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.OutOfBoundsException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Finds approvals in the streams of mistral.rs.
///
/// @param context of every approval found
record MistralRsEvents(MistralRsSettings settings, AgentHub hub, String context)
    implements ApprovalFinder {

  private static final String ASKS = "agentic_tool_approval_required";
  private static final String SCOPE = "every tool of this session, until the server restarts";

  /// mistral.rs waits for 300 s; at the end of this the hub denies.
  private static final Duration PATIENCE = Duration.ofSeconds(290);

  @Override
  public boolean reads(String name) {
    return name.equals(ASKS);
  }

  @Override
  public List<ToolCall> calls(ServerSentEvent event) {
    if (!event.name().equals(ASKS)) {
      return List.of();
    }
    try {
      var asked = Bounds.read(event.data(), "the event");
      return asked.path("approval_id").asText().isEmpty()
          ? leftToExpire("without saying which")
          : List.of(call(asked));
    } catch (OutOfBoundsException e) {
      return leftToExpire("that cannot be shown: " + e.getMessage());
    }
  }

  /// It cannot be decided, and mistral.rs denies it in the end.
  @Override
  public boolean passesUnseen(String name) {
    leftToExpire("that is too large");
    return settings.approvalEvents() == ApprovalEvents.PASS;
  }

  @Override
  public boolean passes(ServerSentEvent event) {
    return !event.name().equals(ASKS) || settings.approvalEvents() == ApprovalEvents.PASS;
  }

  @Override
  public ApprovalLifetime lifetime() {
    return ApprovalLifetime.ENDS_WITH_STREAM;
  }

  private List<ToolCall> leftToExpire(String how) {
    hub.contact().trouble("mistral.rs asks for an approval " + how, "leaves it to expire");
    return List.of();
  }

  private ToolCall call(JsonNode event) {
    var id = event.path("approval_id").asText();
    var tool = event.path("tool");
    var kind = tool.path("kind").asText("unknown");
    var source = tool.path("source").asText("unknown").replace('_', '-');
    var scope = settings.remember() ? Optional.of(SCOPE) : Optional.<String>empty();
    return ToolCall.of(
            hub.name(),
            CallKey.of(id),
            tool.path("label").asText(kind),
            event.has("arguments") ? Json.text(event.path("arguments")) : "{}")
        .upstreamId(id)
        .reason("A %s tool of kind %s".formatted(source, kind))
        .session(event.path("session_id").asText())
        .context(context)
        .takes(new Capabilities(true, false, scope))
        .expiresAt(Optional.of(Deadline.of(hub, PATIENCE)));
  }
}
