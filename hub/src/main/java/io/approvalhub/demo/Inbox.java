package io.approvalhub.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.DecideCall;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.kit.StandardWebhook;
import io.approvalhub.kit.WebhookEvent;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.HttpReply;
import io.approvalhub.plugin.Person;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// Receives the hub's webhooks and posts decisions back, both signed.
final class Inbox implements AutoCloseable {

  /// Who decides here.
  static final Person YOU = new Person("you", "you");

  private final InstantSource clock;
  private final Duration patience;
  private final String secret = "whsec_" + Secrets.random();
  private final byte[] key = StandardWebhook.key(secret).orElseThrow();
  private final HttpClient client = JsonHttp.client();
  private final LocalServer server;
  private final Map<String, Approval> copies = new LinkedHashMap<>();
  private final Map<String, URI> decideUrls = new LinkedHashMap<>();
  private final Set<String> opened = new HashSet<>();

  /// @param patience how long the hub may be silent when it should say something
  Inbox(InstantSource clock, Duration patience) throws IOException {
    this.clock = clock;
    this.patience = patience;
    server = new LocalServer((_, call) -> receive(call));
  }

  String url() {
    return server.address();
  }

  String secret() {
    return secret;
  }

  /// Waits for the next approval that needs a decision.
  Approval next() throws IOException {
    var next = await("an approval", copy -> copy.pending() && !opened.contains(copy.token()));
    opened.add(next.token());
    return next;
  }

  /// Waits until the copy of an approval says what the agent made of the decision.
  Approval settled(Approval approval) throws IOException {
    return await(
        "what the agent made of the decision",
        copy ->
            copy.token().equals(approval.token()) && copy.delivered() != DeliveryStatus.WAITING);
  }

  void decide(Approval approval, Choice choice) throws IOException {
    var reply = post(approval, decideCall(approval, choice));
    if (!reply.ok()) {
      var detail = reply.body().path("detail").asText();
      throw new IOException("The hub refused the decision: " + reply.status() + " " + detail);
    }
  }

  @Override
  public void close() {
    server.close();
    client.shutdownNow();
  }

  private HttpReply receive(HttpCall call) {
    if (!signed(call)) {
      return HttpReply.of(401);
    }
    try {
      keep(Json.parse(call.body()));
      return HttpReply.of(204);
    } catch (IOException _) {
      return HttpReply.of(422);
    }
  }

  private boolean signed(HttpCall call) {
    return StandardWebhook.verified(
        key,
        call.header(StandardWebhook.ID).orElse(""),
        call.header(StandardWebhook.TIMESTAMP).orElse(""),
        call.header(StandardWebhook.SIGNATURE).orElse(""),
        call.body(),
        clock.instant());
  }

  /// The same event may come twice, and an older one after a newer one.
  private synchronized void keep(JsonNode event) {
    var received = WebhookEvent.approval(event);
    copies.merge(
        received.token(), received, (old, now) -> now.version() > old.version() ? now : old);
    decideUrls.put(received.token(), WebhookEvent.decideUrl(event));
    notifyAll();
  }

  private synchronized Approval await(String what, Predicate<Approval> fits) throws IOException {
    var end = System.nanoTime() + patience.toNanos();
    while (true) {
      var found = copies.values().stream().filter(fits).findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      pause(end - System.nanoTime(), what);
    }
  }

  private synchronized void pause(long nanos, String what) throws IOException {
    if (nanos <= 0) {
      throw new IOException(
          "The hub has not shown %s within %d s".formatted(what, patience.toSeconds()));
    }
    try {
      TimeUnit.NANOSECONDS.timedWait(this, nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while waiting for " + what, e);
    }
  }

  private HttpCall decideCall(Approval approval, Choice choice) {
    var body = DecideCall.body(approval.button(choice.action()), YOU);
    choice.reason().ifPresent(why -> body.withObject("/data").put("reason", why));
    return DecideCall.signed(key, "msg_" + UUID.randomUUID(), clock.instant(), body);
  }

  private JsonHttp.Reply post(Approval approval, HttpCall call) throws IOException {
    var headers = new TreeMap<String, String>();
    call.headers().forEach((name, values) -> headers.put(name, values.getFirst()));
    return JsonHttp.send(client, JsonHttp.post(decideUrl(approval), headers, call.body()));
  }

  private synchronized URI decideUrl(Approval approval) {
    return Optional.ofNullable(decideUrls.get(approval.token())).orElseThrow();
  }
}
