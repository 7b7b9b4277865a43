package io.approvalhub.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.DecideCall;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.kit.StandardWebhook;
import io.approvalhub.kit.WebhookEvent;
import io.approvalhub.kit.Words;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Button;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Person;
import io.approvalhub.plugin.Reader;
import io.approvalhub.testkit.FakeServer.Answer;
import io.approvalhub.testkit.FakeServer.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;

/// Somebody's program that receives webhooks: it takes what is signed by its secret, once for each
/// `webhook-id`, shows the newest version of every approval, and posts signed decisions back.
public final class FakeWebhookReceiver implements FakePlatform {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final byte[] KEY = StandardWebhook.key(SECRET).orElseThrow();
  private static final byte[] OTHER_KEY = "not the key that both ends know".getBytes(UTF_8);

  private final HttpClient client = JsonHttp.client();
  private final FakeServer server = new FakeServer();
  private final InstantSource clock;
  private final Map<String, Received> approvals = new LinkedHashMap<>();
  private final Set<String> ids = new LinkedHashSet<>();

  /// A receiver by the real clock.
  public FakeWebhookReceiver() {
    this(InstantSource.system());
  }

  /// @param clock by which signatures are made and judged
  public FakeWebhookReceiver(InstantSource clock) {
    this.clock = clock;
    server.on("POST", "/hook", "hook", this::receive);
  }

  static void main() throws IOException {
    FakeProcess.run(new FakeWebhookReceiver());
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of("url", server.address() + "/hook", "secret", SECRET, "allow-private", true);
  }

  /// The events say where to call back.
  @Override
  public void callBack(URI address) {}

  @Override
  public synchronized List<Shown> shown() {
    return approvals.entrySet().stream()
        .map(entry -> entry.getValue().shown(entry.getKey()))
        .toList();
  }

  @Override
  public String click(Shown message, Action action, Person person, Optional<String> reason) {
    var token = message.ref().id();
    var body = DecideCall.body(new Button(token, action).data(), person);
    reason.ifPresent(why -> body.withObject("/data").put("reason", why));
    var reply = send(token, DecideCall.signed(KEY, id(), clock.instant(), body));
    return reply.ok() ? "" : reply.body().path("detail").asText();
  }

  /// Posts a call to the `decide_url` of the approval of that token.
  public JsonHttp.Reply send(String token, HttpCall call) {
    try {
      var headers = new TreeMap<String, String>();
      call.headers().forEach((name, values) -> headers.put(name, values.getFirst()));
      return JsonHttp.send(client, JsonHttp.post(decideUrl(token), headers, call.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String say(Optional<Shown> message, String text, Person person) {
    throw new UnsupportedOperationException("a webhook has buttons only");
  }

  @Override
  public List<HttpCall> forgeries(Shown message, Person person) {
    var body = DecideCall.body(new Button(message.ref().id(), Action.APPROVE).data(), person);
    var now = clock.instant();
    var genuine = DecideCall.signed(KEY, id(), now, body);
    return List.of(
        new HttpCall("POST", Map.of(), Map.of(), genuine.body()),
        DecideCall.signed(OTHER_KEY, id(), now, body),
        DecideCall.signed(KEY, id(), now.minus(Duration.ofMinutes(6)), body),
        DecideCall.signed(KEY, id(), now.plus(Duration.ofMinutes(6)), body),
        withHeader(genuine, StandardWebhook.ID, id()),
        withHeader(genuine, StandardWebhook.TIMESTAMP, "0" + now.getEpochSecond()),
        new HttpCall(
            "POST", Map.of(), genuine.headers(), Json.text(body.put("more", 1)).getBytes(UTF_8)));
  }

  @Override
  public void trouble(Trouble trouble, int times) {
    server.trouble(trouble, times);
  }

  @Override
  public List<Call> calls() {
    return server.calls();
  }

  @Override
  public void onCall(Consumer<Call> listener) {
    server.onCall(listener);
  }

  @Override
  public void close() {
    server.close();
    client.shutdownNow();
  }

  /// The newest event of each approval, whole, oldest approval first.
  public synchronized List<JsonNode> events() {
    return approvals.values().stream().map(Received::event).toList();
  }

  private Answer receive(Request request) {
    var id = request.header(StandardWebhook.ID).orElse("");
    if (!signed(id, request)) {
      return Answer.of(401);
    }
    accept(id, request.fields());
    return Answer.of(204);
  }

  private boolean signed(String id, Request request) {
    return StandardWebhook.verified(
        KEY,
        id,
        request.header(StandardWebhook.TIMESTAMP).orElse(""),
        request.header(StandardWebhook.SIGNATURE).orElse(""),
        request.body(),
        clock.instant());
  }

  private synchronized void accept(String id, JsonNode event) {
    if (ids.add(id)) {
      var token = event.path("data").path("token").asText();
      var received = new Received(event, 0);
      approvals.merge(
          token,
          received,
          (before, now) -> now.version() > before.version() ? now.after(before) : before);
    }
  }

  private synchronized URI decideUrl(String token) {
    return WebhookEvent.decideUrl(Optional.ofNullable(approvals.get(token)).orElseThrow().event);
  }

  private static HttpCall withHeader(HttpCall call, String name, String value) {
    var headers = new TreeMap<>(call.headers());
    headers.put(name, List.of(value));
    return new HttpCall(call.method(), call.query(), headers, call.body());
  }

  private static String id() {
    return "msg_" + UUID.randomUUID();
  }

  private record Received(JsonNode event, int edits) {

    long version() {
      return event.path("data").path("version").asLong();
    }

    Received after(Received before) {
      return new Received(event, before.edits + 1);
    }

    Shown shown(String token) {
      var buttons = new EnumMap<Action, String>(Action.class);
      for (var action : event.path("data").path("actions")) {
        var name = action.path("action").asText().toUpperCase(Locale.ROOT);
        buttons.put(Action.valueOf(name), action.path("button").asText());
      }
      return new Shown(
          new MessageRef("webhook", token), text(), buttons, List.of(), List.of(), edits);
    }

    private String text() {
      var approval = WebhookEvent.approval(event);
      var words = Words.of(Reader.DEFAULT);
      var lines = new ArrayList<>(List.of(words.heading(approval)));
      words.facts(approval).forEach((fact, value) -> lines.add(words.label(fact) + ": " + value));
      approval.parts().forEach(part -> lines.add(words.label(part) + "\n" + part.text()));
      lines.add(words.status(approval));
      words.where(approval).ifPresent(where -> lines.add(words.said(where, where.at())));
      return String.join("\n", lines);
    }
  }
}
