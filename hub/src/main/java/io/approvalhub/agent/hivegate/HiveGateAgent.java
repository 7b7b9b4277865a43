package io.approvalhub.agent.hivegate;

import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.Answers;
import io.approvalhub.agent.SingleCalls;
import io.approvalhub.agent.relay.Continuations;
import io.approvalhub.agent.relay.JsonBody;
import io.approvalhub.agent.relay.OpenCalls;
import io.approvalhub.agent.relay.Orphans;
import io.approvalhub.agent.relay.Passage;
import io.approvalhub.agent.relay.RelayRequest;
import io.approvalhub.agent.relay.RelayedAgent;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.micronaut.http.HttpStatus;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Relays HiveGate's runs and tells HiveGate decisions: those on a run by its commit, those found
/// in its list only by `/v2/approvals`.
final class HiveGateAgent implements RelayedAgent {

  private static final String RUNS = "/v2/(agents/[^/]+/chat|teams/[^/]+/runs)";
  private static final String CONTINUATION = "/v2/runs/[^/]+/continuation";

  private final HiveGateSettings settings;
  private final AgentHub hub;
  private final HiveGateList list;
  private final Orphans orphans;
  private final SingleCalls sent;
  private final Continuations continuations;

  HiveGateAgent(
      HiveGateSettings settings,
      AgentHub hub,
      HiveGateList list,
      Orphans orphans,
      Continuations continuations,
      SingleCalls sent) {
    this.settings = settings;
    this.hub = hub;
    this.list = list;
    this.orphans = orphans;
    this.sent = sent;
    this.continuations = continuations;
  }

  @Override
  public URI url() {
    return settings.url();
  }

  @Override
  public Map<String, String> headers() {
    return settings.headers();
  }

  @Override
  public OpenCalls open() {
    return settings.open();
  }

  @Override
  public Passage passage(RelayRequest request) throws IOException {
    if (request.is("POST", RUNS)) {
      var body = request.json();
      return new Passage.Watched(body, events(started(request.path().text(), body)));
    }
    if (request.is("GET", CONTINUATION)) {
      return kept(request.path().segments().get(2));
    }
    var decides =
        request.isUnder(RUNS + "/commit(/.*)?")
            || (!request.method().equals("GET") && request.isUnder("/v2/approvals(/.*)?"));
    return decides ? Passage.Refused.decision() : new Passage.Untouched();
  }

  @Override
  public Answer tell(ApprovalRecord approval, boolean repeated) throws IOException {
    var run = Run.of(approval);
    return run.isPresent() ? commit(approval, run.get(), repeated) : decide(approval, repeated);
  }

  /// A run is committed once, when nothing of it waits for a person any more: whoever tells of the
  /// last decision does it for all.
  private Answer commit(ApprovalRecord approval, Run run, boolean repeated) throws IOException {
    var all = run.calls().stream().flatMap(key -> hub.findByKey(key).stream());
    var approvals = all.toList();
    if (approvals.stream().anyMatch(ApprovalRecord::pending)) {
      return Answer.NONE;
    }
    var told = Stream.concat(Stream.of(approval), others(approvals, approval)).toList();
    if (!sent.enter(hub.name(), run.commit())) {
      return repeated ? continuations.lost(told) : Answer.NONE;
    }
    var commit = new Commit(list.client(), hub, sent, run, approvals, events(run));
    var answer = continuations.tell(told, commit);
    approvals.forEach(list::clear);
    return answer;
  }

  private static Stream<ApprovalRecord> others(
      List<ApprovalRecord> approvals, ApprovalRecord approval) {
    return approvals.stream().filter(other -> other.untold() && !other.id().equals(approval.id()));
  }

  /// A decision that may have arrived is looked for before it is sent again: HiveGate answers 404
  /// to a second one, as it does when nobody had waited, and to a path that it does not know.
  private Answer decide(ApprovalRecord approval, boolean repeated) throws IOException {
    var client = list.client();
    var jobId = approval.call().upstreamId().orElseThrow();
    if (repeated && !client.waits(jobId)) {
      return new Answer(DeliveryStatus.UNKNOWN, "no longer listed after a call without an answer");
    }
    var reply = client.decide(jobId, HiveGateRows.decision(approval));
    if (Answers.isTaken(reply)) {
      return new Answer(DeliveryStatus.DELIVERED, "decide answered " + reply.status());
    }
    if (reply.status() != 404 || client.waits(jobId)) {
      throw client.failure(reply);
    }
    return new Answer(DeliveryStatus.GONE, "decide answered 404, no longer listed");
  }

  private Passage kept(String run) {
    var kept = continuations.takeLeftover(run);
    if (kept.isEmpty()) {
      return new Passage.Refused(HttpStatus.NOT_FOUND, "Nothing is kept for this run");
    }
    var isDocument = kept.get().length > 0 && kept.get()[0] == '{';
    var type = isDocument ? "application/json" : "text/event-stream";
    return new Passage.Answered(type, kept.get());
  }

  private RunEvents events(Run run) {
    return new RunEvents(settings, hub, orphans, run);
  }

  private static Run started(String path, JsonBody body) throws IOException {
    var request = Json.object();
    for (var field : List.of("stream", "model", "user_id", "session_id")) {
      var value = body.value(field);
      if (!value.isMissingNode() && !value.isNull()) {
        request.set(field, value);
      }
    }
    return new Run(path.replaceFirst("/$", ""), request, List.of());
  }
}
