package io.approvalhub.agent.mistralrs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.Answers;
import io.approvalhub.agent.Farewell;
import io.approvalhub.agent.Instruction;
import io.approvalhub.agent.Requests;
import io.approvalhub.agent.SingleCalls;
import io.approvalhub.agent.relay.OpenCalls;
import io.approvalhub.agent.relay.Passage;
import io.approvalhub.agent.relay.RefusalForm;
import io.approvalhub.agent.relay.RelayRequest;
import io.approvalhub.agent.relay.RelayedAgent;
import io.approvalhub.agent.relay.UnrepeatableCall;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.micronaut.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Relays mistral.rs and tells it decisions.
final class MistralRsAgent implements RelayedAgent {

  private static final String DECIDE = "/v1/agent/approvals/";
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /// How long mistral.rs waits, and a margin.
  private static final Duration WAITS = Duration.ofSeconds(310);

  private static final Set<String> TAKEN = Set.of("resolved", "queued");
  private static final List<Farewell> FAREWELLS =
      List.of(new Farewell(404, "/status", "not_found"));

  private final MistralRsSettings settings;
  private final AgentHub hub;
  private final SingleCalls calls;
  private final MistralRsEvents events;

  MistralRsAgent(MistralRsSettings settings, AgentHub hub, SingleCalls calls, String context) {
    this.settings = settings;
    this.hub = hub;
    this.calls = calls;
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

  /// A second decision would be answered as if nobody had waited for the first, so there is none
  /// unless the first provably came to nothing.
  @Override
  public Answer tell(ApprovalRecord approval, boolean repeated) throws IOException {
    if (repeated && !calls.strike(hub.name(), refusal(approval))) {
      return new Answer(DeliveryStatus.UNKNOWN, "a call before this one was not answered");
    }
    var id = Requests.encoded(approval.call().upstreamId().orElseThrow());
    var body = Json.text(decision(approval)).getBytes(UTF_8);
    var uri = URI.create(settings.url() + DECIDE + id);
    return switch (UnrepeatableCall.post(uri, settings.headers(), body, PATIENCE)) {
      case UnrepeatableCall.Result.Answered(var response) -> answer(approval, response);
      case UnrepeatableCall.Result.Lost(var why) ->
          new Answer(DeliveryStatus.UNKNOWN, "no answer: " + why);
      case UnrepeatableCall.Result.NotSent(var why) ->
          refused(approval, new IOException("mistral.rs cannot be reached: " + why));
    };
  }

  private static JsonNode decision(ApprovalRecord approval) {
    return switch (Instruction.of(approval)) {
      case Instruction.Approve(var remembers, _) ->
          decision("approve", remembers, Optional.empty());
      case Instruction.ApproveEdited _ ->
          decision("deny", false, Optional.of("mistral.rs takes no edited arguments"));
      case Instruction.Deny(var reason) -> decision("deny", false, reason);
    };
  }

  private static JsonNode decision(String word, boolean remembers, Optional<String> message) {
    return Json.object()
        .put("decision", word)
        .put("remember_for_session", remembers)
        .put("message", message.orElse(null));
  }

  private Answer answer(ApprovalRecord approval, HttpResponse<InputStream> response)
      throws IOException {
    var status = response.statusCode();
    var body = Answers.body(response);
    var detail = "decide answered " + status;
    if (status == 200 && TAKEN.contains(body.path("status").asText())) {
      hub.contact().good();
      return new Answer(DeliveryStatus.DELIVERED, detail);
    }
    if (Farewell.isOneOf(FAREWELLS, status, body)) {
      hub.contact().good();
      return new Answer(DeliveryStatus.GONE, detail);
    }
    if (status / 100 == 4) {
      var key = "agents." + hub.name() + ".api-key";
      return refused(approval, Answers.failure(status, response.headers(), "mistral.rs", key));
    }
    hub.contact().trouble("mistral.rs answered a decision with " + status, "does not repeat it");
    return new Answer(DeliveryStatus.UNKNOWN, "answered " + status);
  }

  /// What it comes to when it provably came to nothing.
  private Answer refused(ApprovalRecord approval, IOException why) throws IOException {
    if (hub.clock().instant().isAfter(approval.raisedAt().plus(WAITS))) {
      return new Answer(
          DeliveryStatus.GONE, "mistral.rs waits for 300 s only: " + why.getMessage());
    }
    calls.enter(hub.name(), refusal(approval));
    throw why;
  }

  private static String refusal(ApprovalRecord approval) {
    return "refused " + approval.id();
  }
}
