package io.approvalhub.agent.mistralrs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.Answers;
import io.approvalhub.agent.Wording;
import io.approvalhub.agent.relay.OpenCalls;
import io.approvalhub.agent.relay.Passage;
import io.approvalhub.agent.relay.RefusalForm;
import io.approvalhub.agent.relay.RelayRequest;
import io.approvalhub.agent.relay.RelayedAgent;
import io.approvalhub.agent.relay.UnrepeatableCall;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.ApprovalRecord.Resolution;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.micronaut.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/// Relays mistral.rs and tells it decisions.
final class MistralRsAgent implements RelayedAgent {

  private static final String DECIDE = "/v1/agent/approvals/";
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int LONGEST_ANSWER = 10_000;

  private final MistralRsSettings settings;
  private final AgentHub hub;
  private final MistralRsEvents events;

  MistralRsAgent(MistralRsSettings settings, AgentHub hub, String context) {
    this.settings = settings;
    this.hub = hub;
    events = new MistralRsEvents(settings, hub, context);
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
  public RefusalForm refusalForm(String path) {
    if (path.startsWith("/v1/messages")) {
      return RefusalForm.ANTHROPIC;
    }
    return path.startsWith("/v1/") ? RefusalForm.OPENAI : RefusalForm.PROBLEM;
  }

  @Override
  public Passage passage(RelayRequest request) throws IOException {
    if (request.is("POST", "/v1/(chat/completions|messages)")) {
      return new Passage.Watched(MistralRsRequests.tightened(request.json()), events);
    }
    if (request.isUnder("/v1/agent(/.*)?")) {
      return Passage.Refused.decision();
    }
    if (request.is("POST", "/v1/responses")) {
      return responses(request);
    }
    return new Passage.Untouched();
  }

  /// mistral.rs runs the tools of this endpoint without asking anybody.
  private static Passage responses(RelayRequest request) throws IOException {
    var body = request.json();
    return MistralRsRequests.hasTools(body)
        ? new Passage.Refused(
            HttpStatus.FORBIDDEN,
            "mistral.rs asks for no approval here; use /v1/chat/completions for tools")
        : new Passage.Rewritten(body);
  }

  /// A second decision would be answered as if nobody had waited for the first, so there is none.
  @Override
  public Answer tell(ApprovalRecord approval, boolean repeated) {
    if (repeated) {
      return new Answer(DeliveryStatus.UNKNOWN, "a call before this one was not answered");
    }
    var id = URLEncoder.encode(approval.call().upstreamId().orElseThrow(), UTF_8);
    var body = Json.text(decision(approval)).getBytes(UTF_8);
    var uri = URI.create(settings.url() + DECIDE + id);
    return switch (UnrepeatableCall.post(uri, settings.headers(), body, PATIENCE)) {
      case UnrepeatableCall.Result.Answered(var response) -> answer(response);
      case UnrepeatableCall.Result.Lost(var why) ->
          new Answer(DeliveryStatus.UNKNOWN, "no answer: " + why);
      case UnrepeatableCall.Result.NotSent(var why) ->
          new Answer(DeliveryStatus.GONE, "not reached: " + why);
    };
  }

  private static JsonNode decision(ApprovalRecord approval) {
    var approved = Wording.approved(approval);
    var remember = approval.resolution().filter(Resolution::remember).isPresent();
    return Json.object()
        .put("decision", approved ? "approve" : "deny")
        .put("remember_for_session", approved && remember)
        .put("message", approved ? null : Wording.reason(approval).orElse(null));
  }

  private Answer answer(HttpResponse<InputStream> response) {
    var status = response.statusCode();
    var detail = "decide answered " + status;
    if (status == 200 && isTaken(response)) {
      hub.contact().good();
      return new Answer(DeliveryStatus.DELIVERED, detail);
    }
    if (status == 404) {
      hub.contact().good();
      return new Answer(DeliveryStatus.GONE, detail);
    }
    return Answers.refused(hub, "mistral.rs answered a decision", status);
  }

  private static boolean isTaken(HttpResponse<InputStream> response) {
    try (var body = response.body()) {
      var status = Json.parse(body.readNBytes(LONGEST_ANSWER)).path("status").asText();
      return status.equals("resolved") || status.equals("queued");
    } catch (IOException _) {
      return false;
    }
  }
}
