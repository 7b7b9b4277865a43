package io.approvalhub.agent.mixpeek;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.Words;
import io.approvalhub.agent.relay.Once;
import io.approvalhub.agent.relay.OpenStreams;
import io.approvalhub.agent.relay.Orphans;
import io.approvalhub.agent.relay.Passage;
import io.approvalhub.agent.relay.RelayRequest;
import io.approvalhub.agent.relay.Relayed;
import io.approvalhub.agent.relay.RelayedStream;
import io.approvalhub.approval.Approval;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Approval.Delivered;
import io.micronaut.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Relays Mixpeek and tells it decisions. The answer to a decision is how the agent goes on: it is
/// spliced into the answer that the client still reads, or kept.
final class MixpeekAgent implements Relayed {

  private static final String SESSION = "/v1/agents/sessions/[^/]+";

  /// The courier waits this long; the agent may think for longer before it goes on.
  private static final Duration COURIER = Duration.ofSeconds(20);

  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final MixpeekSettings settings;
  private final AgentHub hub;
  private final OpenStreams streams;
  private final Orphans orphans;
  private final Kept kept;

  MixpeekAgent(MixpeekSettings settings, AgentHub hub, OpenStreams streams, Orphans orphans) {
    this.settings = settings;
    this.hub = hub;
    this.streams = streams;
    this.orphans = orphans;
    kept = new Kept(hub.clock());
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
  public Passage passage(RelayRequest request) throws IOException {
    if (request.is("POST", SESSION + "/messages")) {
      return new Passage.Watched(request.bytes(), events(conversation(request)));
    }
    if (request.isUnder(SESSION + "/confirmations(/.*)?")) {
      return new Passage.Refused(
          HttpStatus.FORBIDDEN, "The hub decides; clients of the agent may not");
    }
    if (request.is("GET", SESSION + "/continuation")) {
      return kept.take(session(request))
          .<Passage>map(bytes -> new Passage.Answered("text/event-stream", bytes))
          .orElse(new Passage.Refused(HttpStatus.NOT_FOUND, "Nothing is kept for this session"));
    }
    return new Passage.Untouched();
  }

  @Override
  public Answer tell(Approval approval, boolean repeated) throws IOException {
    var stream = streams.take(approval.call());
    if (repeated) {
      stream.ifPresent(RelayedStream::told);
      return new Answer(Delivered.UNKNOWN, "a call before this one was not answered");
    }
    var answer = new CompletableFuture<Answer>();
    Thread.ofVirtual()
        .name("continuation:" + approval.id())
        .start(() -> decide(approval, stream, answer));
    return await(answer, approval);
  }

  /// An answer that comes after the courier has gone on still counts.
  private Answer await(CompletableFuture<Answer> answer, Approval approval)
      throws InterruptedIOException {
    try {
      return answer.get(COURIER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      answer.thenAccept(
          late -> hub.desk().told(approval.id(), late.delivered(), late.detail() + ", late"));
      return new Answer(Delivered.UNKNOWN, "not answered in " + COURIER.toSeconds() + " s");
    } catch (InterruptedException | ExecutionException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The hub stops");
    }
  }

  private void decide(
      Approval approval, Optional<RelayedStream> open, CompletableFuture<Answer> answer) {
    var conversation = Conversation.of(approval);
    var stream =
        open.orElseGet(() -> RelayedStream.withoutClient(hub, events(conversation), streams));
    try {
      switch (post(approval, conversation)) {
        case Once.Result.Answered(var response) -> {
          answer.complete(answer(response));
          goOn(response, stream, conversation.session());
        }
        case Once.Result.Lost(var why) ->
            answer.complete(new Answer(Delivered.UNKNOWN, "no answer: " + why));
        case Once.Result.NotSent(var why) ->
            answer.complete(new Answer(Delivered.GONE, "not reached: " + why));
      }
    } finally {
      open.ifPresent(RelayedStream::told);
      answer.complete(new Answer(Delivered.UNKNOWN, "no answer"));
    }
  }

  private Once.Result post(Approval approval, Conversation conversation) {
    var path =
        "/v1/agents/sessions/%s/confirmations/%s"
            .formatted(
                conversation.session(),
                URLEncoder.encode(approval.call().upstreamId().orElseThrow(), UTF_8));
    var headers = settings.headers(conversation.namespace());
    headers.put("Accept", "text/event-stream");
    var body = Json.object().put("approved", Words.approved(approval));
    return Once.post(
        URI.create(settings.url() + path), headers, Json.text(body).getBytes(UTF_8), PATIENCE);
  }

  private Answer answer(HttpResponse<InputStream> response) {
    var status = response.statusCode();
    if (status == 200) {
      hub.contact().good();
      return new Answer(Delivered.DELIVERED, "confirmation answered 200");
    }
    return switch (status) {
      case 400 -> new Answer(Delivered.GONE, "processed or expired before (400)");
      case 404 -> new Answer(Delivered.GONE, "no such session or confirmation (404)");
      default -> refused(status);
    };
  }

  private Answer refused(int status) {
    hub.contact().trouble("Mixpeek answered a confirmation with " + status, "does not repeat it");
    return new Answer(
        status / 100 == 4 ? Delivered.GONE : Delivered.UNKNOWN, "confirmation answered " + status);
  }

  private void goOn(HttpResponse<InputStream> response, RelayedStream stream, String session) {
    if (response.statusCode() == 200) {
      stream.continueWith(response.body(), bytes -> kept.add(session, bytes));
    } else {
      RelayedStream.discard(response.body());
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
    return request.path().split("/", -1)[4];
  }
}
