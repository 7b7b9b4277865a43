package io.approvalhub.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import io.approvalhub.kit.Hmac;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.kit.Proxies;
import io.approvalhub.kit.StandardWebhook;
import io.approvalhub.kit.Words;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.HttpReply;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Outcome;
import io.approvalhub.plugin.RefusedException;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import io.approvalhub.webhook.PublicAddresses.PrivateAddressException;
import io.approvalhub.webhook.WebhookClicks.MalformedException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/// One receiver.
final class WebhookChannel implements Channel {

  /// As many connections as a receiver should have to keep.
  private static final int AT_ONCE = 4;

  /// A timestamp may be five minutes old or early, so a call can be repeated for ten.
  private static final Duration MEMORY = StandardWebhook.WINDOW.multipliedBy(2);

  private static final Map<Integer, String> TITLES =
      Map.of(
          401, "Not signed",
          403, "Not allowed",
          404, "Unknown",
          405, "Wrong method",
          409, "Already decided",
          422, "Invalid");

  private final WebhookSettings settings;
  private final Hub hub;
  private final Tunnel.Lookup lookup;
  private final Optional<Tunnel> tunnel;
  private final HttpClient client;
  private final ReplyMemory replies = new ReplyMemory(MEMORY);

  WebhookChannel(WebhookSettings settings, Hub hub) {
    this(settings, hub, new PublicAddresses());
  }

  WebhookChannel(WebhookSettings settings, Hub hub, Tunnel.Lookup lookup) {
    this.settings = settings;
    this.hub = hub;
    this.lookup = lookup;
    tunnel =
        settings.allowPrivate() || Proxies.to(settings.url()).isPresent()
            ? Optional.empty()
            : Optional.of(new Tunnel(lookup, settings.url()));
    client = tunnel.map(way -> JsonHttp.client(way.proxy())).orElseGet(JsonHttp::client);
  }

  @Override
  public MessageRef post(Approval approval) throws IOException {
    send(approval, WebhookMessages.requested(approval, words(), hub.address()));
    return message(approval);
  }

  @Override
  public Optional<MessageRef> find(Approval approval) {
    return Optional.of(message(approval));
  }

  private static MessageRef message(Approval approval) {
    return new MessageRef("webhook", approval.token());
  }

  @Override
  public void update(MessageRef message, Approval approval) throws IOException {
    send(approval, WebhookMessages.updated(approval, words(), hub.address()));
  }

  @Override
  public HttpReply receive(HttpCall call) {
    if (!call.method().equals("POST")) {
      return problem(405, "Post a signed approval.decide");
    }
    if (!verified(call)) {
      return problem(401, "The signature is missing, wrong, or not of the last five minutes");
    }
    hub.contact();
    return answerOnce(call);
  }

  @Override
  public int atOnce() {
    return AT_ONCE;
  }

  @Override
  public void close() {
    client.shutdownNow();
    tunnel.ifPresent(Tunnel::close);
  }

  private void send(Approval approval, JsonNode event) throws IOException {
    refusePrivate();
    var body = Json.text(event);
    var headers = headers(WebhookMessages.id(approval), hub.clock().instant(), body);
    var request = JsonHttp.post(settings.url(), headers, body.getBytes(UTF_8), settings.timeout());
    judge(JsonHttp.send(client, request));
    hub.contact();
  }

  /// Where a proxy stands between, it is the one that looks names up and knows what may be reached.
  /// The tunnel would refuse too, but could not say why.
  private void refusePrivate() throws IOException {
    try {
      if (tunnel.isPresent()) {
        var unused = lookup.addresses(settings.url().getHost());
      }
    } catch (PrivateAddressException e) {
      throw new StoppedException(String.valueOf(e.getMessage()));
    }
  }

  private Map<String, String> headers(String id, Instant at, String body) {
    try {
      return Map.of(
          StandardWebhook.ID, id,
          StandardWebhook.TIMESTAMP, String.valueOf(at.getEpochSecond()),
          StandardWebhook.SIGNATURE, signatures(id, at, body));
    } catch (EmptyWebhookSecretException | WebhookSigningException e) {
      throw new IllegalStateException("every JDK can sign with the keys that settings hold", e);
    }
  }

  private String signatures(String id, Instant at, String body)
      throws EmptyWebhookSecretException, WebhookSigningException {
    var signatures = new StringJoiner(" ");
    for (var key : settings.keys()) {
      signatures.add(new Webhook(key).sign(id, at.getEpochSecond(), body));
    }
    return signatures.toString();
  }

  private static void judge(JsonHttp.Reply reply) throws IOException {
    var said = "The receiver answered " + reply.status();
    var delay = reply.retryAfter();
    if (delay.isPresent() && (reply.status() == 429 || reply.status() == 503)) {
      throw new TryAgainException(said, delay.get());
    }
    switch (reply.status() / 100) {
      case 2 -> {}
      case 3 -> throw new IOException(said + "; redirects are not followed, set url to their end");
      case 4 -> throw refused(reply.status(), said);
      default -> throw new IOException(said);
    }
  }

  /// A 404 may be a receiver that is being deployed: most of what is refused is tried again.
  private static IOException refused(int status, String said) {
    return switch (status) {
      case 401, 403 -> new StoppedException(said + "; does it have the same secret?");
      case 410 -> new StoppedException(said + "; it wants no more webhooks");
      case 400, 413, 422 -> new RefusedException(said);
      default -> new IOException(said);
    };
  }

  private boolean verified(HttpCall call) {
    var id = call.header(StandardWebhook.ID);
    var timestamp = call.header(StandardWebhook.TIMESTAMP);
    var signatures = call.header(StandardWebhook.SIGNATURE);
    return id.isPresent()
        && timestamp.isPresent()
        && signatures.isPresent()
        && settings.keys().stream()
            .anyMatch(
                key ->
                    StandardWebhook.verified(
                        key,
                        id.get(),
                        timestamp.get(),
                        signatures.get(),
                        call.body(),
                        hub.clock().instant()));
  }

  private HttpReply answerOnce(HttpCall call) {
    var id = call.header(StandardWebhook.ID).orElseThrow();
    var digest = Hmac.sha256(settings.keys().getFirst(), call.body());
    return replies
        .once(id, digest, hub.clock().instant(), () -> answer(call))
        .orElseGet(() -> problem(422, "webhook-id was used for another body before"));
  }

  private HttpReply answer(HttpCall call) {
    try {
      return reply(hub.decide(WebhookClicks.decision(call.body())));
    } catch (MalformedException e) {
      return problem(422, String.valueOf(e.getMessage()));
    }
  }

  private HttpReply reply(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Recorded(var approval) -> recorded(approval);
      case Outcome.TooLate _ -> problem(409, words().answer(outcome));
      case Outcome.NotAllowed _ -> problem(403, words().answer(outcome));
      case Outcome.Unknown _ -> problem(404, words().answer(outcome));
    };
  }

  private Words words() {
    return Words.of(hub.reader());
  }

  private HttpReply recorded(Approval approval) {
    var body =
        Json.object()
            .put("job_id", approval.id())
            .put("status", WebhookMessages.word(approval.status()))
            .put("message", words().status(approval));
    return HttpReply.json(200, Json.text(body));
  }

  private static HttpReply problem(int status, String detail) {
    var body =
        Json.object().put("status", status).put("title", TITLES.get(status)).put("detail", detail);
    return new HttpReply(status, "application/problem+json", Json.text(body).getBytes(UTF_8));
  }
}
