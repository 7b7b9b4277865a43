package io.approvalhub.agent.hivegate;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.agent.Agent.Answer;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.Answers;
import io.approvalhub.agent.Farewell;
import io.approvalhub.agent.Instruction;
import io.approvalhub.agent.SingleCalls;
import io.approvalhub.agent.relay.ApprovalFinder;
import io.approvalhub.agent.relay.Continuations;
import io.approvalhub.agent.relay.Continuations.Outcome;
import io.approvalhub.agent.relay.UnrepeatableCall;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The one call that tells a run how every tool call it waits for was decided.
///
/// @param approvals all of them
record Commit(
    HiveGateClient client,
    AgentHub hub,
    SingleCalls calls,
    Run run,
    List<ApprovalRecord> approvals,
    ApprovalFinder finder)
    implements Continuations.Decision {

  /// The run is no longer there to be resumed, whatever the reason.
  private static final List<Farewell> FAREWELLS = List.of(new Farewell(410, "/detail", ""));

  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final int LONGEST_ANSWER = 32 << 20;

  @Override
  public UnrepeatableCall.Result post() {
    var body = run.request().deepCopy().put("stream", run.isStreamed());
    var tools = body.putArray("updated_tools");
    approvals.forEach(approval -> tools.add(verdict(approval)));
    return client.once(run.path() + "/commit", body, PATIENCE);
  }

  @Override
  public Outcome outcome(UnrepeatableCall.Result result) throws IOException {
    return switch (result) {
      case UnrepeatableCall.Result.Answered(var response) -> outcome(response);
      case UnrepeatableCall.Result.Lost(var why) ->
          new Outcome(
              new Answer(DeliveryStatus.UNKNOWN, "no answer: " + why),
              Optional.of(error("HiveGate did not answer the decision")));
      case UnrepeatableCall.Result.NotSent(var why) ->
          throw refused(new IOException("not reached: " + why));
    };
  }

  @Override
  public String conversation() {
    return run.id();
  }

  private Outcome outcome(HttpResponse<InputStream> response) throws IOException {
    var status = response.statusCode();
    if (status == 200) {
      hub.contact().good();
      var answer = new Answer(DeliveryStatus.DELIVERED, "commit answered 200");
      return new Outcome(answer, Optional.of(continuation(response)));
    }
    var body = Answers.body(response);
    var detail = body.path("detail").asText("HiveGate answered " + status);
    if (Farewell.isOneOf(FAREWELLS, status, body)) {
      var answer = new Answer(DeliveryStatus.GONE, "the run is gone (" + status + ")");
      return new Outcome(answer, Optional.of(error(detail)));
    }
    if (status / 100 == 4) {
      throw refused(client.failure(status, response.headers()));
    }
    hub.contact().trouble("HiveGate answered a commit with " + status, "does not repeat it");
    var answer = new Answer(DeliveryStatus.UNKNOWN, "answered " + status);
    return new Outcome(answer, Optional.of(error(detail)));
  }

  private IOException refused(IOException why) {
    calls.strike(hub.name(), run.commit());
    return why;
  }

  private InputStream continuation(HttpResponse<InputStream> response) {
    var type = response.headers().firstValue("Content-Type").orElse("");
    if (type.startsWith("text/event-stream")) {
      return response.body();
    }
    try (var body = response.body()) {
      return Json.parse(body.readNBytes(LONGEST_ANSWER)) instanceof ObjectNode whole
          ? whole(whole)
          : error("HiveGate answered 200");
    } catch (IOException _) {
      return error("HiveGate answered 200");
    }
  }

  /// An answer that is no stream, as the client of a stream or of an answer is to read it.
  private InputStream whole(ObjectNode answer) {
    var isCancelled = answer.path("status").asText().equalsIgnoreCase("cancelled");
    var event = (run.isTeams() ? "Team" : "") + (isCancelled ? "RunCancelled" : "RunCompleted");
    return bytes("message", run.isStreamed() ? answer.put("event", event) : answer);
  }

  private InputStream error(String why) {
    return bytes("error", Json.object().put("status", "error").put("error", why));
  }

  private InputStream bytes(String event, JsonNode data) {
    var text = Json.text(data);
    var shown = run.isStreamed() ? "event: " + event + "\ndata: " + text + "\n\n" : text;
    return new ByteArrayInputStream(shown.getBytes(UTF_8));
  }

  private ObjectNode verdict(ApprovalRecord approval) {
    var id = approval.call().upstreamId().orElseThrow().substring(run.id().length() + 1);
    var verdict = Json.object().put("tool_call_id", id);
    var note =
        switch (Instruction.of(approval)) {
          case Instruction.Approve(_, var said) -> {
            verdict.put("confirmed", true);
            yield said;
          }
          case Instruction.ApproveEdited(var arguments, var said) -> {
            verdict.put("confirmed", true).set("tool_args", arguments);
            yield said;
          }
          case Instruction.Deny(var reason) -> {
            verdict.put("confirmed", false);
            yield reason;
          }
        };
    note.ifPresent(text -> verdict.put("confirmation_note", text));
    return verdict;
  }
}
