package io.approvalhub.agent.hivegate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.relay.ApprovalEvents;
import io.approvalhub.agent.relay.ApprovalFinder;
import io.approvalhub.agent.relay.ApprovalLifetime;
import io.approvalhub.agent.relay.Orphans;
import io.approvalhub.agent.relay.ServerSentEvent;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.kit.Bounds;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.OutOfBoundsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Finds the tool calls that a run waits for, in its stream or in its answer.
///
/// A pause of a team's member is held back until the team itself pauses, since the tool calls of
/// both are committed together.
final class RunEvents implements ApprovalFinder {

  private static final List<String> PAUSED = List.of("RunPaused", "TeamRunPaused");

  private final HiveGateSettings settings;
  private final AgentHub hub;
  private final Orphans orphans;
  private final Run started;
  private final Map<String, Pause> pauses = new LinkedHashMap<>();

  /// @param started the run as its client started it
  RunEvents(HiveGateSettings settings, AgentHub hub, Orphans orphans, Run started) {
    this.settings = settings;
    this.hub = hub;
    this.orphans = orphans;
    this.started = started;
  }

  @Override
  public boolean reads(String name) {
    return name.equals(ServerSentEvent.UNNAMED) || PAUSED.contains(name);
  }

  @Override
  public boolean readsDocuments() {
    return true;
  }

  @Override
  public synchronized List<ToolCall> calls(ServerSentEvent event) throws IOException {
    var paused = paused(event);
    if (paused.isMissingNode()) {
      return List.of();
    }
    var run = paused.path("run_id").asText();
    var parent = started.isTeams() ? paused.path("parent_run_id").asText("") : "";
    var pause = pauses.getOrDefault(run, new Pause());
    pauses.remove(run);
    pause.add(paused);
    if (parent.isEmpty()) {
      return calls(run, pause);
    }
    pauses.computeIfAbsent(parent, _ -> new Pause()).add(pause);
    return List.of();
  }

  /// Members that paused without their team, as far as this stream tells.
  @Override
  public synchronized List<ToolCall> rest() throws IOException {
    var rest = new ArrayList<ToolCall>();
    for (var pause : pauses.entrySet()) {
      rest.addAll(calls(pause.getKey(), pause.getValue()));
    }
    pauses.clear();
    return rest;
  }

  /// Whether the run waits is not known then, and nobody could say what for.
  @Override
  public boolean passesUnseen(String name) throws IOException {
    throw new IOException("HiveGate sends more at once than can be looked at for a pause");
  }

  @Override
  public boolean passes(ServerSentEvent event) throws IOException {
    var paused = paused(event);
    var isShown = settings.approvalEvents() == ApprovalEvents.PASS && paused.has("event");
    return isShown || !Pause.asks(paused);
  }

  @Override
  public ApprovalLifetime lifetime() {
    return ApprovalLifetime.KEEPS_STREAM_OPEN;
  }

  private List<ToolCall> calls(String run, Pause pause) throws IOException {
    if (pause.isUnclear()) {
      hub.contact()
          .trouble("HiveGate pauses before calls without an id of their own", "leaves them there");
    }
    var rows = pause.rows(run);
    for (var row : rows) {
      check(row);
    }
    var calls = rows.stream().flatMap(row -> HiveGateRows.call(row, hub).stream()).toList();
    var request = started.request().deepCopy().put("run_id", run);
    if (!pause.session().isEmpty()) {
      request.put("session_id", request.path("session_id").asText(pause.session()));
    }
    var keys = calls.stream().map(ToolCall::key).toList();
    var context = new Run(started.path(), request, keys).context(orphans);
    return calls.stream().map(call -> call.context(context)).toList();
  }

  private static void check(JsonNode row) throws IOException {
    try {
      Bounds.check(row, "the call");
    } catch (OutOfBoundsException e) {
      throw new IOException(
          "HiveGate pauses before a call that cannot be shown: " + e.getMessage(), e);
    }
  }

  /// The pause that an event or an answer tells of, if it does.
  ///
  /// @throws IOException when it may tell of one and cannot be read
  private static JsonNode paused(ServerSentEvent event) throws IOException {
    if (Stream.of("Paused", "PAUSED", "paused").noneMatch(event.data()::contains)
        && !PAUSED.contains(event.name())) {
      return MissingNode.getInstance();
    }
    var data = parsed(event);
    var named = data.path("event").asText(event.name());
    var isPaused = PAUSED.contains(named) || isPausedAnswer(data);
    return isPaused ? data : MissingNode.getInstance();
  }

  private static JsonNode parsed(ServerSentEvent event) throws IOException {
    try {
      return Json.parse(event.data());
    } catch (IOException e) {
      throw new IOException("HiveGate may tell of a pause that cannot be read", e);
    }
  }

  private static boolean isPausedAnswer(JsonNode data) {
    return !data.has("event") && data.path("status").asText("").equalsIgnoreCase("paused");
  }
}
