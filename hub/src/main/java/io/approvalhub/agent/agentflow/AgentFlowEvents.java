package io.approvalhub.agent.agentflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.relay.ApprovalEvents;
import io.approvalhub.agent.relay.ApprovalFinder;
import io.approvalhub.agent.relay.ApprovalLifetime;
import io.approvalhub.agent.relay.ServerSentEvent;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.connection.Backoff;
import io.approvalhub.kit.Bounds;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.OutOfBoundsException;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds approvals in the streams of AgentFlow, and those that ended there. The list says what the
/// events leave out: the older ones name no approval, none says everything that a row does.
final class AgentFlowEvents implements ApprovalFinder {

  private static final String ABOUT = "approval_";
  private static final String ASKS = "approval_required";

  private final AgentFlowSettings settings;
  private final AgentFlowClient client;
  private final AgentHub hub;

  AgentFlowEvents(AgentFlowSettings settings, AgentFlowClient client, AgentHub hub) {
    this.settings = settings;
    this.client = client;
    this.hub = hub;
  }

  @Override
  public boolean reads(String name) {
    return name.equals(ServerSentEvent.UNNAMED) || isAboutApprovals(name);
  }

  @Override
  public List<ToolCall> calls(ServerSentEvent event) {
    var about = About.of(event);
    if (about.isEnd()) {
      ended(about).forEach(approval -> hub.vanished(approval.id(), about.how()));
    }
    return about.asks() ? asked(about) : List.of();
  }

  /// The list says what waits.
  @Override
  public boolean passesUnseen(String name) {
    hub.contact().trouble("AgentFlow sends more at once than can be read", "goes by the list");
    return true;
  }

  @Override
  public boolean passes(ServerSentEvent event) {
    return settings.approvalEvents() == ApprovalEvents.PASS || !About.of(event).asks();
  }

  /// What it asks is in the list too, for as long as it waits.
  @Override
  public ApprovalLifetime lifetime() {
    return ApprovalLifetime.INDEPENDENT;
  }

  private List<ToolCall> asked(About about) {
    var listed = listed().stream().flatMap(rows -> rows.stream()).filter(about::isAbout).toList();
    var rows = listed.isEmpty() ? about.row().stream().toList() : listed;
    return rows.stream()
        .flatMap(row -> AgentFlowRows.call(row, settings.generation().takes(), hub).stream())
        .toList();
  }

  /// The approval that an event names; where it names none, those that are listed no more.
  private List<ApprovalRecord> ended(About about) {
    if (!about.id().isEmpty()) {
      return hub.pending().filter(one -> isOneOf(Set.of(about.id()), one)).toList();
    }
    // what is asked for meanwhile may not be on the list yet
    var known = hub.pendingIds();
    var waiting =
        listed().map(rows -> rows.stream().map(AgentFlowRows::id).collect(Collectors.toSet()));
    return waiting.isEmpty()
        ? List.of()
        : hub.pending()
            .filter(one -> known.contains(one.id()) && !isOneOf(waiting.get(), one))
            .toList();
  }

  private static boolean isOneOf(Set<String> ids, ApprovalRecord approval) {
    return approval.call().upstreamId().filter(ids::contains).isPresent();
  }

  /// What waits there; empty when AgentFlow does not say, which the next poll mends.
  private Optional<Collection<JsonNode>> listed() {
    try {
      return Optional.of(client.pending());
    } catch (IOException e) {
      hub.contact().trouble(Backoff.reason(e), "goes by the event alone");
      return Optional.empty();
    }
  }

  private static boolean isAboutApprovals(String type) {
    return type.toLowerCase(Locale.ROOT).startsWith(ABOUT);
  }

  /// What an event says about an approval.
  ///
  /// @param type in lower case; empty when it is about something else
  private record About(String type, JsonNode content) {

    private static About of(ServerSentEvent event) {
      var isNamed = isAboutApprovals(event.name());
      if (!isNamed && !event.data().toLowerCase(Locale.ROOT).contains(ABOUT)) {
        return new About("", MissingNode.getInstance());
      }
      try {
        var data = Bounds.read(event.data(), "the event");
        var type = data.path("type").asText(event.name());
        return new About(
            isAboutApprovals(type) ? type.toLowerCase(Locale.ROOT) : "",
            first(data, "content", "delta"));
      } catch (OutOfBoundsException _) {
        return new About("", MissingNode.getInstance());
      }
    }

    private boolean asks() {
      return type.equals(ASKS);
    }

    private boolean isEnd() {
      return !type.isEmpty() && !asks();
    }

    private String id() {
      return content.path("id").asText("");
    }

    /// Whether a row is what this asks for.
    private boolean isAbout(JsonNode row) {
      return id().isEmpty()
          ? row.path("tool_name").equals(content.path("tool_name"))
              && row.path("arguments").equals(arguments())
          : AgentFlowRows.id(row).equals(id());
    }

    /// The event in the place of a row, if it names an approval.
    private Optional<ObjectNode> row() {
      if (id().isEmpty()) {
        return Optional.empty();
      }
      var row = Json.object();
      Stream.of("id", "tool_name", "agent_id", "conversation_id", "created_at", "expires_at")
          .filter(content::has)
          .forEach(field -> row.set(field, content.get(field)));
      if (!arguments().isMissingNode()) {
        row.set("arguments", arguments());
      }
      return Optional.of(row);
    }

    private JsonNode arguments() {
      return first(content, "arguments", "input_data");
    }

    private String how() {
      var status = content.path("status").asText(type.substring(ABOUT.length()));
      var approver = content.path("approver").asText("");
      return "%s at AgentFlow%s"
          .formatted(status.toLowerCase(Locale.ROOT), approver.isEmpty() ? "" : " by " + approver);
    }

    private static JsonNode first(JsonNode node, String name, String otherwise) {
      return node.has(name) ? node.get(name) : node.path(otherwise);
    }
  }
}
