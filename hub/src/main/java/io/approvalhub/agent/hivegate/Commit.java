package io.approvalhub.agent.hivegate;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.agent.Agent.Answer;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.Answers;
import io.approvalhub.agent.Wording;
import io.approvalhub.agent.relay.ApprovalFinder;
import io.approvalhub.agent.relay.Continuations;
import io.approvalhub.agent.relay.UnrepeatableCall;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.ApprovalRecord.Resolution;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The one call that tells a run how every tool call it waits for was decided.
///
/// @param approvals all of them
record Commit(
    HiveGateSettings settings,
    AgentHub hub,
    Run run,
    List<ApprovalRecord> approvals,
    ApprovalFinder finder)
    implements Continuations.Decision {

  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final int LONGEST_ANSWER = 32 << 20;

  @Override
  public UnrepeatableCall.Result post() {
    var body = run.request().deepCopy().put("stream", run.isStreamed());
    var tools = body.putArray("updated_tools");
    approvals.forEach(approval -> tools.add(verdict(approval)));
    var uri = URI.create(settings.url() + run.path() + "/commit");
    return UnrepeatableCall.post(
        uri, settings.headers(), Json.text(body).getBytes(UTF_8), PATIENCE);
  }

  @Override
  public Answer answer(HttpResponse<InputStream> response) {
    return switch (response.statusCode()) {
      case 200 -> {
        hub.contact().good();
        yield new Answer(DeliveryStatus.DELIVERED, "commit answered 200");
      }
      case 404 -> new Answer(DeliveryStatus.GONE, "no such agent or team (404)");
      case 410 -> new Answer(DeliveryStatus.GONE, "the run is gone (410)");
      default -> Answers.refused(hub, "HiveGate answered a commit", response.statusCode());
    };
  }

  @Override
  public Optional<InputStream> continuation(UnrepeatableCall.Result result) {
    return Optional.of(
        switch (result) {
          case UnrepeatableCall.Result.Answered(var response) -> continuation(response);
          case UnrepeatableCall.Result.Lost _ -> error("HiveGate did not answer the decision");
          case UnrepeatableCall.Result.NotSent _ -> error("HiveGate cannot be reached");
        });
  }

  @Override
  public String conversation() {
    return run.id();
  }

  private InputStream continuation(HttpResponse<InputStream> response) {
    var type = response.headers().firstValue("Content-Type").orElse("");
    if (response.statusCode() == 200 && type.startsWith("text/event-stream")) {
      return response.body();
    }
    try (var body = response.body()) {
      var answer = Json.parse(body.readNBytes(LONGEST_ANSWER));
      return response.statusCode() == 200 && answer instanceof ObjectNode whole
          ? whole(whole)
          : error(answer.path("detail").asText("HiveGate answered " + response.statusCode()));
    } catch (IOException _) {
      return error("HiveGate answered " + response.statusCode());
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
    // what was approved is no longer known once the arguments are forgotten
    var approved = Wording.approved(approval) && !approval.call().arguments().isEmpty();
    var id = approval.call().upstreamId().orElseThrow().substring(run.id().length() + 1);
    var verdict = Json.object().put("tool_call_id", id).put("confirmed", approved);
    approval
        .resolution()
        .flatMap(Resolution::arguments)
        .ifPresent(edited -> verdict.set("tool_args", json(edited)));
    Wording.reason(approval).ifPresent(note -> verdict.put("confirmation_note", note));
    return verdict;
  }

  private static JsonNode json(String edited) {
    try {
      return Json.parse(edited);
    } catch (IOException e) {
      throw new IllegalStateException("stored arguments are JSON", e);
    }
  }
}
