package io.approvalhub.agent.mixpeek;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.Answers;
import io.approvalhub.agent.Farewell;
import io.approvalhub.agent.Instruction;
import io.approvalhub.agent.Requests;
import io.approvalhub.agent.SingleCalls;
import io.approvalhub.agent.relay.ApprovalFinder;
import io.approvalhub.agent.relay.Continuations;
import io.approvalhub.agent.relay.Continuations.Outcome;
import io.approvalhub.agent.relay.OpenCalls;
import io.approvalhub.agent.relay.Orphans;
import io.approvalhub.agent.relay.Passage;
import io.approvalhub.agent.relay.RelayRequest;
import io.approvalhub.agent.relay.RelayedAgent;
import io.approvalhub.agent.relay.UnrepeatableCall;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.micronaut.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Relays Mixpeek and tells it decisions. The answer to a decision is how the agent goes on: it is
/// spliced into the answer that the client still reads, or kept.
final class MixpeekAgent implements RelayedAgent {

  private static final String SESSION = "/v1/agents/sessions/[^/]+";

  private static final Duration PATIENCE = Duration.ofMinutes(30);

  /// How long Mixpeek waits, and a margin.
  private static final Duration WAITS = Duration.ofSeconds(310);

  /// Processed or expired before; no such session or confirmation.
  private static final List<Farewell> FAREWELLS =
      List.of(
          new Farewell(400, "/error/type", "ValidationError"),
          new Farewell(
              404,
              "/error/type",
              "NotFoundError",
              Set.of(new Farewell.Field("/error/details/resource", "namespace"))));

  private final MixpeekSettings settings;
  private final AgentHub hub;
  private final Orphans orphans;
  private final SingleCalls calls;
  private final Continuations continuations;

  MixpeekAgent(
      MixpeekSettings settings,
      AgentHub hub,
      Orphans orphans,
      SingleCalls calls,
      Continuations continuations) {
    this.settings = settings;
    this.hub = hub;
    this.orphans = orphans;
    this.calls = calls;
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
    if (request.is("POST", SESSION + "/messages")) {
      return new Passage.Overheard(events(conversation(request)));
    }
    if (request.isUnder(SESSION + "/confirmations(/.*)?")) {
      return Passage.Refused.decision();
    }
    if (request.is("GET", SESSION + "/continuation")) {
      return continuations
          .takeLeftover(session(request))
          .<Passage>map(bytes -> new Passage.Answered("text/event-stream", bytes))
          .orElse(new Passage.Refused(HttpStatus.NOT_FOUND, "Nothing is kept for this session"));
    }
    return new Passage.Untouched();
  }

  /// There is no second call unless the first provably came to nothing.
  @Override
  public Answer tell(ApprovalRecord approval, boolean repeated) throws IOException {
    var one = List.of(approval);
    var refusal = "refused " + approval.id();
    if (repeated && !calls.strike(hub.name(), refusal)) {
      return continuations.lost(one);
    }
    try {
      return continuations.tell(one, new Confirmation(approval, Conversation.of(approval)));
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      calls.enter(hub.name(), refusal);
      throw e;
    }
  }

  private MixpeekEvents events(Conversation conversation) {
    return new MixpeekEvents(settings, hub, conversation.session(), conversation.context(orphans));
  }

  private Conversation conversation(RelayRequest request) {
    return new Conversation(
        session(request), settings.namespace().or(() -> request.header(MixpeekSettings.NAMESPACE)));
  }

  /// As it stands in the path, encoded.
  private static String session(RelayRequest request) {
    return request.path().segments().get(3);
  }

  /// The call that decides one confirmation.
  private final class Confirmation implements Continuations.Decision {

    private final ApprovalRecord approval;
    private final Conversation conversation;

    private Confirmation(ApprovalRecord approval, Conversation conversation) {
      this.approval = approval;
      this.conversation = conversation;
    }

    @Override
    public UnrepeatableCall.Result post() {
      var path =
          "/v1/agents/sessions/%s/confirmations/%s"
              .formatted(
                  conversation.session(),
                  Requests.encoded(approval.call().upstreamId().orElseThrow()));
      var headers = settings.headers(conversation.namespace());
      headers.put("Accept", "text/event-stream");
      var body = Json.object().put("approved", isApproved());
      return UnrepeatableCall.post(
          URI.create(settings.url() + path), headers, Json.text(body).getBytes(UTF_8), PATIENCE);
    }

    private boolean isApproved() {
      return switch (Instruction.of(approval)) {
        case Instruction.Approve _ -> true;
        case Instruction.ApproveEdited _, Instruction.Deny _ -> false;
      };
    }

    @Override
    public Outcome outcome(UnrepeatableCall.Result result) throws IOException {
      return switch (result) {
        case UnrepeatableCall.Result.Answered(var response) -> outcome(response);
        case UnrepeatableCall.Result.Lost(var why) ->
            ended(DeliveryStatus.UNKNOWN, "no answer: " + why);
        case UnrepeatableCall.Result.NotSent(var why) ->
            refused(new IOException("Mixpeek cannot be reached: " + why));
      };
    }

    private Outcome outcome(HttpResponse<InputStream> response) throws IOException {
      var status = response.statusCode();
      if (status == 200) {
        hub.contact().good();
        var answer = new Answer(DeliveryStatus.DELIVERED, "confirmation answered 200");
        return new Outcome(answer, Optional.of(response.body()));
      }
      var body = Answers.body(response);
      if (Farewell.isOneOf(FAREWELLS, status, body)) {
        return ended(DeliveryStatus.GONE, "processed or expired before, or unknown: " + status);
      }
      if (status / 100 == 4) {
        var settings = "agents.%s.api-key and namespace".formatted(hub.name());
        return refused(Answers.failure(status, response.headers(), "Mixpeek", settings));
      }
      hub.contact().trouble("Mixpeek answered a confirmation with " + status, "does not repeat it");
      return ended(DeliveryStatus.UNKNOWN, "answered " + status);
    }

    /// What it comes to when it provably came to nothing.
    private Outcome refused(IOException why) throws IOException {
      if (hub.clock().instant().isAfter(approval.raisedAt().plus(WAITS))) {
        return ended(DeliveryStatus.GONE, "Mixpeek waits for 300 s only: " + why.getMessage());
      }
      throw why;
    }

    private static Outcome ended(DeliveryStatus delivered, String detail) {
      return new Outcome(new Answer(delivered, detail), Optional.empty());
    }

    @Override
    public ApprovalFinder finder() {
      return events(conversation);
    }

    @Override
    public String conversation() {
      return conversation.session();
    }
  }
}
