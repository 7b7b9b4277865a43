package io.approvalhub.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Hmac;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Button;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Person;
import io.approvalhub.testkit.FakeServer.Answer;
import io.approvalhub.testkit.FakeServer.Request;
import io.approvalhub.testkit.WhatsAppGraph.Sent;
import io.approvalhub.testkit.WhatsAppRules.GraphError;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The WhatsApp Cloud API with one business number, and the phones of those who write to it.
///
/// Its clock runs with the real one until a test turns it. Buttons stay for ever, as they do on the
/// real platform.
public final class FakeWhatsApp implements FakePlatform {

  /// The person whom the number writes to.
  public static final String PERSON = "4915112345678";

  private static final String ACCESS_TOKEN = "EAAJB0fAcceSsT0kenThatNobodyMaySee";
  private static final String APP_SECRET = "0f5c9a7be34d4a6f8c1d2e3b4a5f6071";
  private static final String VERIFY_TOKEN = "verify-token-of-the-operator";
  private static final String CHALLENGE = "1158201444";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofSeconds(1);

  private final FakeServer server = new FakeServer(FakeWhatsApp::words);
  private final WhatsAppGraph graph = new WhatsAppGraph(PERSON);
  private final WhatsAppEvents events = new WhatsAppEvents(graph);
  private final HttpClient caller = HttpClient.newHttpClient();
  private volatile @Nullable URI callback;
  private volatile String last = "";

  /// A number to which nobody has written yet, with the template `approval_request` in English.
  public FakeWhatsApp() {
    on("/v23\\.0/" + WhatsAppGraph.NUMBER + "/messages", "messages", graph::send);
    on("/v23\\.0/" + WhatsAppGraph.NUMBER + "/media", "media", graph::upload);
    on(
        "/v23\\.0/" + WhatsAppGraph.ACCOUNT + "/message_templates",
        "message_templates",
        graph::create);
    on("/v23\\.0/\\d+/\\w+", "unknown", FakeWhatsApp::unknown);
  }

  /// Runs as a process of its own; see [FakeProcess].
  static void main() throws IOException {
    FakeProcess.run(new FakeWhatsApp());
  }

  @Override
  public Map<String, Object> settings() {
    var settings = new TreeMap<String, Object>();
    settings.put("api", server.address() + "/v23.0");
    settings.put("access-token", ACCESS_TOKEN);
    settings.put("phone-number-id", WhatsAppGraph.NUMBER);
    settings.put("to", PERSON);
    settings.put("app-secret", APP_SECRET);
    settings.put("verify-token", VERIFY_TOKEN);
    settings.put("template", "approval_request");
    settings.put("template-language", "en");
    return settings;
  }

  /// Where templates are created, by a POST with the access token.
  public URI templates() {
    return URI.create(server.address() + "/v23.0/" + WhatsAppGraph.ACCOUNT + "/message_templates");
  }

  /// Makes sure that the address wants webhooks, as the real platform does, and has the person say
  /// hello, which opens the window of 24 hours.
  @Override
  public void callBack(URI address) {
    callback = address;
    if (!verify(VERIFY_TOKEN).equals(Optional.of(CHALLENGE))) {
      throw new IllegalStateException(address + " did not answer the handshake");
    }
    write(new Person(PERSON, "Alice"), Optional.empty(), "Hello");
  }

  /// The handshake with this token.
  ///
  /// @return the body of the answer, when the address agreed
  public Optional<String> verify(String token) {
    var query =
        "?hub.mode=subscribe&hub.challenge="
            + CHALLENGE
            + "&hub.verify_token="
            + URLEncoder.encode(token, UTF_8);
    var answer = call(HttpRequest.newBuilder(URI.create(address() + query)).GET().build());
    return answer.filter(reply -> reply.statusCode() == 200).map(HttpResponse::body);
  }

  @Override
  public List<Shown> shown() {
    var shown = new ArrayList<Shown>();
    var files = new ArrayList<String>();
    for (var message : graph.sent()) {
      if (message.type().equals("document")) {
        files.add(graph.file(message.body().at("/document/id").asText()));
      } else if (message.delivered() && !message.type().equals("text")) {
        shown.add(shown(message, files));
        files.clear();
      }
    }
    return List.copyOf(shown);
  }

  @Override
  public String click(Shown message, Action action, Person person, Optional<String> reason) {
    var payload = Optional.ofNullable(message.buttons().get(action));
    return press(
        message,
        payload.orElseThrow(() -> new IllegalArgumentException("no " + action)),
        person,
        reason);
  }

  /// A person presses the button with that label, whatever it stands for.
  ///
  /// @return what is said to that person in answer; empty when nothing
  public String press(Shown message, String label, Person person) {
    var payload = Optional.ofNullable(graph.sent(message.ref().id()).buttons().get(label));
    return press(
        message,
        payload.orElseThrow(() -> new IllegalArgumentException("no " + label)),
        person,
        Optional.empty());
  }

  @Override
  public String say(Optional<Shown> message, String text, Person person) {
    return answer(write(person, message.map(shown -> shown.ref().id()), text));
  }

  /// The same, quoting any message of the business.
  public String say(String quoted, String text, Person person) {
    return answer(write(person, Optional.of(quoted), text));
  }

  @Override
  public String forward(String text, Person person) {
    var message = events.text(person, Optional.empty(), text);
    message.putObject("context").put("forwarded", true);
    return send(events.value(person, List.of(message)));
  }

  @Override
  public List<HttpCall> forgeries(Shown message, Person person) {
    var payload = message.buttons().getOrDefault(Action.APPROVE, "");
    var press = events.pressed(person, graph.sent(message.ref().id()), payload);
    var body = WhatsAppEvents.event(events.value(person, List.of(press)));
    var right = signature(APP_SECRET, body);
    return Stream.of(
            List.<String>of(),
            List.of(""),
            List.of("sha256=" + "0".repeat(64)),
            List.of(right.substring("sha256=".length())),
            List.of(right.replace("sha256=", "sha1=")),
            List.of(signature("another secret", body)),
            List.of(signature(APP_SECRET, body + " ")),
            List.of(right, right))
        .map(signatures -> httpCall(body, signatures))
        .toList();
  }

  /// A webhook call with these values, rightly signed.
  public HttpCall signed(JsonNode... values) {
    return signed(WhatsAppEvents.event(values));
  }

  /// What a webhook call holds when `person` wrote these texts, quoting `quoted`.
  public ObjectNode written(Person person, String quoted, String... texts) {
    var messages =
        Stream.of(texts).map(text -> events.text(person, Optional.of(quoted), text)).toList();
    return events.value(person, messages);
  }

  /// From now on the platform names the person whom the number writes to otherwise in its calls.
  public void call(String name) {
    graph.call(PERSON, name);
  }

  /// Sends a webhook call with these values, which may be altered ones.
  ///
  /// @return what is said in answer to the last message; empty when nothing
  public String send(ObjectNode value) {
    post(WhatsAppEvents.event(value));
    return answer(
        value.path("messages").path(value.path("messages").size() - 1).path("id").asText());
  }

  /// What a webhook call holds when `person` pressed a button of a message.
  public ObjectNode pressed(Shown message, Action action, Person person) {
    var payload = message.buttons().getOrDefault(action, "");
    var press = events.pressed(person, graph.sent(message.ref().id()), payload);
    return events.value(person, List.of(press));
  }

  /// The last webhook call comes again, as when its answer had been lost.
  public void redeliver() {
    post(last);
  }

  /// The last webhook call.
  public HttpCall lastCallback() {
    return signed(last);
  }

  /// The id of the newest message that the number sent.
  public String newest() {
    return graph.sent().getLast().id();
  }

  /// Reports that a message that was taken did not arrive.
  public void fail(MessageRef message, int code) {
    fail(message, code, Duration.ZERO);
  }

  /// Reports that a message that was taken did not arrive, some time after it was known.
  public void fail(MessageRef message, int code, Duration after) {
    post(WhatsAppEvents.event(events.failed(message.id(), code, after)));
  }

  /// From now on takes messages outside of the window too, and delivers none of them.
  public void beCareless() {
    graph.beCareless();
  }

  /// How many messages to the same person are taken at once; one more for every six seconds.
  public void burst(int messages) {
    graph.burst(messages);
  }

  /// Turns the clock on.
  public void turn(Duration by) {
    graph.turn(by);
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
    caller.shutdownNow();
  }

  private void on(String path, String name, UnaryOperator<JsonNode> route) {
    server.on("POST", path, name, request -> answer(request, route));
  }

  private static Answer answer(Request request, UnaryOperator<JsonNode> route) {
    try {
      var authorization = request.header("Authorization").orElse("");
      if (!authorization.equals("Bearer " + ACCESS_TOKEN)) {
        throw new GraphError(401, 190, "Malformed access token " + authorization);
      }
      return Answer.json(200, route.apply(request.fields()));
    } catch (GraphError e) {
      return Answer.json(e.status(), e.body());
    }
  }

  private static JsonNode unknown(JsonNode body) {
    throw new GraphError(400, 100, 33, "Object does not exist or permissions are missing");
  }

  private static Answer words(Trouble trouble) {
    return switch (trouble) {
      case TOO_MANY ->
          Answer.json(429, new GraphError(429, 130429, "Rate limit hit").body())
              .with("Retry-After", "2");
      case REVOKED -> Answer.json(401, new GraphError(401, 190, "Revoked: " + ACCESS_TOKEN).body());
      case BROKEN, ANSWER_LOST, NONSENSE ->
          Answer.json(500, new GraphError(500, 131000, "Something went wrong").body());
    };
  }

  private Shown shown(Sent message, List<String> files) {
    var replies =
        graph.sent().stream()
            .filter(reply -> reply.delivered() && reply.answers(message.id()))
            .map(reply -> "\n\n" + WhatsAppMarkup.resolved(reply.text()))
            .toList();
    var header = message.body().at("/interactive/header/document/id").asText("");
    var attached = header.isEmpty() ? Stream.<String>empty() : Stream.of(graph.file(header));
    return new Shown(
        new MessageRef(message.to(), message.id()),
        WhatsAppMarkup.resolved(message.text()) + String.join("", replies),
        actions(message),
        Stream.concat(files.stream(), attached).toList(),
        List.of(),
        replies.size());
  }

  private static Map<Action, String> actions(Sent message) {
    var actions = new EnumMap<Action, String>(Action.class);
    for (var payload : message.buttons().values()) {
      Button.parse(payload).ifPresent(button -> actions.put(button.action(), payload));
    }
    return actions;
  }

  private String press(Shown message, String payload, Person person, Optional<String> reason) {
    var before = graph.sent().size();
    var press = events.pressed(person, graph.sent(message.ref().id()), payload);
    post(WhatsAppEvents.event(events.value(person, List.of(press))));
    var id = press.path("id").asText();
    return reason.map(why -> explain(message, id, before, why, person)).orElseGet(() -> answer(id));
  }

  /// The person is asked for the reason, unless it is too late for one.
  private String explain(Shown message, String press, int before, String reason, Person person) {
    var prompt = message.ref().id();
    var asked =
        graph
            .await(before, reply -> reply.answers(press) || reply.answers(prompt), PATIENCE)
            .orElseThrow(() -> new IllegalStateException("nobody asked for the reason"));
    return asked.text().contains("?")
        ? say(asked.id(), reason, person)
        : WhatsAppMarkup.resolved(asked.text());
  }

  private String answer(String inbound) {
    return graph
        .await(0, reply -> reply.answers(inbound), SILENCE)
        .map(reply -> WhatsAppMarkup.resolved(reply.text()))
        .orElse("");
  }

  private String write(Person person, Optional<String> quoted, String text) {
    var message = events.text(person, quoted, text);
    post(WhatsAppEvents.event(events.value(person, List.of(message))));
    return message.path("id").asText();
  }

  /// Calls until it is answered with 200, as the real platform does for a week.
  private void post(String body) {
    last = body;
    if (!isTaken(body)) {
      await().atMost(PATIENCE).until(() -> isTaken(body));
    }
  }

  private boolean isTaken(String body) {
    var request =
        HttpRequest.newBuilder(address())
            .header("Content-Type", "application/json")
            .header("X-Hub-Signature-256", signature(APP_SECRET, body))
            .timeout(PATIENCE)
            .POST(BodyPublishers.ofString(body))
            .build();
    return call(request).filter(reply -> reply.statusCode() == 200).isPresent();
  }

  private Optional<HttpResponse<String>> call(HttpRequest request) {
    try {
      return Optional.of(caller.send(request, BodyHandlers.ofString()));
    } catch (IOException _) {
      return Optional.empty();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private URI address() {
    var address = callback;
    if (address == null) {
      throw new IllegalStateException("callBack(address) comes first");
    }
    return address;
  }

  private static HttpCall signed(String body) {
    return httpCall(body, List.of(signature(APP_SECRET, body)));
  }

  private static HttpCall httpCall(String body, List<String> signatures) {
    return new HttpCall(
        "POST", Map.of(), Map.of("X-Hub-Signature-256", signatures), body.getBytes(UTF_8));
  }

  private static String signature(String secret, String body) {
    return "sha256=" + Hmac.hex(Hmac.sha256(secret.getBytes(UTF_8), body.getBytes(UTF_8)));
  }
}
