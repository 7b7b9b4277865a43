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
import io.approvalhub.kit.Json;
import java.io.IOException;
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
    var data = json(event.data());
    if (event.name().equals(CALLS)) {
      lastCall = data.orElse(MissingNode.getInstance());
      lastCallIsUnreadable = data.isEmpty();
    }
    return event.name().equals(ASKS) ? asked(data) : List.of();
  }

  private List<ToolCall> asked(Optional<JsonNode> data) {
    var id = data.map(event -> event.path("confirmation_id").asText()).orElse("");
    if (id.isEmpty()) {
      return leftToExpire("without an id that can be read");
    }
    // what nobody can see nobody may approve
    return lastCallIsUnreadable && first(TOOL, data.get()).isEmpty()
        ? leftToExpire("of a tool call that cannot be read")
        : List.of(call(id, data.get()));
  }

  private List<ToolCall> leftToExpire(String how) {
    hub.contact().trouble("Mixpeek asks for a confirmation " + how, "leaves it to expire");
    return List.of();
  }

  /// It cannot be decided, and expires there.
  @Override
  public synchronized boolean passesUnseen(String name) {
    if (name.equals(CALLS)) {
      lastCall = MissingNode.getInstance();
      lastCallIsUnreadable = true;
      return true;
    }
    leftToExpire("that is too large");
    return settings.approvalEvents() == ApprovalEvents.PASS;
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

  private static Optional<JsonNode> json(String data) {
    try {
      return Optional.of(Json.parse(data));
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
