package io.approvalhub.agent.mixpeek;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.Answers;
import io.approvalhub.agent.Wording;
import io.approvalhub.agent.relay.ApprovalFinder;
import io.approvalhub.agent.relay.Continuations;
import io.approvalhub.agent.relay.OpenCalls;
import io.approvalhub.agent.relay.Orphans;
import io.approvalhub.agent.relay.Passage;
import io.approvalhub.agent.relay.RelayRequest;
import io.approvalhub.agent.relay.RelayedAgent;
import io.approvalhub.agent.relay.RelayedStream;
import io.approvalhub.agent.relay.UnrepeatableCall;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.micronaut.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Relays Mixpeek and tells it decisions. The answer to a decision is how the agent goes on: it is
/// spliced into the answer that the client still reads, or kept.
final class MixpeekAgent implements RelayedAgent {

  private static final String SESSION = "/v1/agents/sessions/[^/]+";

  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final MixpeekSettings settings;
  private final AgentHub hub;
  private final Orphans orphans;
  private final Continuations continuations;

  MixpeekAgent(
      MixpeekSettings settings, AgentHub hub, Orphans orphans, Continuations continuations) {
    this.settings = settings;
    this.hub = hub;
    this.orphans = orphans;
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

  @Override
  public Answer tell(ApprovalRecord approval, boolean repeated) throws IOException {
    var one = List.of(approval);
    return repeated
        ? continuations.lost(one)
        : continuations.tell(one, new Confirmation(approval, Conversation.of(approval)));
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
                  URLEncoder.encode(approval.call().upstreamId().orElseThrow(), UTF_8));
      var headers = settings.headers(conversation.namespace());
      headers.put("Accept", "text/event-stream");
      var body = Json.object().put("approved", Wording.approved(approval));
      return UnrepeatableCall.post(
          URI.create(settings.url() + path), headers, Json.text(body).getBytes(UTF_8), PATIENCE);
    }

    @Override
    public Answer answer(HttpResponse<InputStream> response) {
      return switch (response.statusCode()) {
        case 200 -> {
          hub.contact().good();
          yield new Answer(DeliveryStatus.DELIVERED, "confirmation answered 200");
        }
        case 400 -> new Answer(DeliveryStatus.GONE, "processed or expired before (400)");
        case 404 -> new Answer(DeliveryStatus.GONE, "no such session or confirmation (404)");
        default -> Answers.refused(hub, "Mixpeek answered a confirmation", response.statusCode());
      };
    }

    @Override
    public Optional<InputStream> continuation(UnrepeatableCall.Result result) {
      if (result instanceof UnrepeatableCall.Result.Answered(var response)) {
        if (response.statusCode() == 200) {
          return Optional.of(response.body());
        }
        RelayedStream.discard(response.body());
      }
      return Optional.empty();
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
