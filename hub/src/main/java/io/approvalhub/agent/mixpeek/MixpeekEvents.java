package io.approvalhub.agent.mixpeek;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.CallKey;
import io.approvalhub.agent.Timestamps;
import io.approvalhub.agent.relay.ApprovalEvents;
import io.approvalhub.agent.relay.ApprovalFinder;
import io.approvalhub.agent.relay.ApprovalLifetime;
import io.approvalhub.agent.relay.Deadline;
import io.approvalhub.agent.relay.ServerSentEvent;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.kit.Bounds;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.OutOfBoundsException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds confirmations in one conversation. Nothing but `confirmation_id` is documented of them, so
/// they are read tolerantly, and what they lack is taken from the tool call before them.
final class MixpeekEvents implements ApprovalFinder {

  private static final String ASKS = "confirmation_required";
  private static final String CALLS = "tool_call";

  private static final List<String> TOOL = List.of("tool_name", "tool", "name");
  private static final List<String> ARGUMENTS =
      List.of("inputs", "arguments", "tool_inputs", "parameters");
  private static final List<String> REASON = List.of("message", "description", "summary");

  /// Mixpeek waits for 300 s.
  private static final Duration PATIENCE = Duration.ofSeconds(285);

  private static final Duration MARGIN = Duration.ofSeconds(15);

  private final MixpeekSettings settings;
  private final AgentHub hub;
  private final String session;
  private final String context;
  private JsonNode lastCall = MissingNode.getInstance();
  private boolean lastCallIsUnreadable;

  /// @param context of every approval found
  MixpeekEvents(MixpeekSettings settings, AgentHub hub, String session, String context) {
    this.settings = settings;
    this.hub = hub;
    this.session = session;
    this.context = context;
  }

  @Override
  public boolean reads(String name) {
    return name.equals(ASKS) || name.equals(CALLS);
  }

  @Override
  public synchronized List<ToolCall> calls(ServerSentEvent event) {
    try {
      var data = Bounds.read(event.data(), "the event");
      if (event.name().equals(CALLS)) {
        remember(data, false);
      }
      return event.name().equals(ASKS) ? asked(data) : List.of();
    } catch (OutOfBoundsException e) {
      return unread(event.name(), "that cannot be shown: " + e.getMessage());
    }
  }

  private List<ToolCall> asked(JsonNode data) {
    var id = data.path("confirmation_id").asText();
    if (id.isEmpty()) {
      return leftToExpire("without an id that can be read");
    }
    // what nobody can see nobody may approve
    return lastCallIsUnreadable && first(TOOL, data).isEmpty()
        ? leftToExpire("of a tool call that cannot be shown")
        : List.of(call(id, data));
  }

  private List<ToolCall> unread(String name, String how) {
    if (name.equals(CALLS)) {
      remember(MissingNode.getInstance(), true);
    }
    return name.equals(ASKS) ? leftToExpire(how) : List.of();
  }

  private void remember(JsonNode call, boolean isUnreadable) {
    lastCall = call;
    lastCallIsUnreadable = isUnreadable;
  }

  private List<ToolCall> leftToExpire(String how) {
    hub.contact().trouble("Mixpeek asks for a confirmation " + how, "leaves it to expire");
    return List.of();
  }

  /// It cannot be decided, and expires there.
  @Override
  public synchronized boolean passesUnseen(String name) {
    unread(name, "that is too large");
    return !name.equals(ASKS) || settings.approvalEvents() == ApprovalEvents.PASS;
  }

  @Override
  public boolean passes(ServerSentEvent event) {
    return !event.name().equals(ASKS) || settings.approvalEvents() == ApprovalEvents.PASS;
  }

  @Override
  public ApprovalLifetime lifetime() {
    return ApprovalLifetime.KEEPS_STREAM_OPEN;
  }

  private ToolCall call(String id, JsonNode data) {
    return ToolCall.of(
            hub.name(),
            CallKey.of(session, id),
            first(TOOL, data, lastCall).map(JsonNode::asText).orElse("unknown tool"),
            first(ARGUMENTS, data, lastCall).map(Json::text).orElse("{}"))
        .upstreamId(id)
        .reason(first(REASON, data).map(JsonNode::asText).orElse(""))
        .session(session)
        .context(context)
        .expiresAt(Optional.of(expiry(data)));
  }

  private Instant expiry(JsonNode data) {
    var ours = Deadline.of(hub, PATIENCE);
    return Timestamps.parse(data.path("expires_at").asText())
        .map(at -> at.minus(MARGIN))
        .filter(at -> at.isBefore(ours))
        .orElse(ours);
  }

  private static Optional<JsonNode> first(List<String> names, JsonNode... nodes) {
    return Stream.of(nodes)
        .flatMap(node -> names.stream().map(node::path))
        .filter(value -> !value.isMissingNode() && !value.isNull())
        .findFirst();
  }
}
