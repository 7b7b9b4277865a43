package io.approvalhub.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Hmac;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Button;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Person;
import io.approvalhub.testkit.FakeServer.Answer;
import io.approvalhub.testkit.FakeServer.Request;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/// Slack: the few methods of its Web API that approvals need, Socket Mode, and signed interactions
/// over HTTP, for one app in one workspace with two channels.
public final class FakeSlack implements FakePlatform {

  /// The channel of [#settings()].
  public static final String CHANNEL = "C0APPROVALS";

  /// Another channel that the app is in.
  public static final String OTHER_CHANNEL = "C0INCIDENTS";

  private static final String TEAM = "T0WORKSPACE";
  private static final String ORGANISATION = "E0ORGANISATION";
  private static final String APP = "A0APPROVALHUB";
  private static final String BOT_TOKEN = "xoxb-100200300-fake-bot-token";
  private static final String APP_TOKEN = "xapp-1-A0APPROVALHUB-fake-app-token";
  private static final String SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Mode mode;
  private final FakeServer server = new FakeServer(FakeSlack::words);
  private final SlackSockets sockets = new SlackSockets(APP);
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Message> messages = new CopyOnWriteArrayList<>();
  private final List<Whisper> whispers = new CopyOnWriteArrayList<>();
  private final List<String> refusals = new CopyOnWriteArrayList<>();
  private final Queue<Optional<String>> errors = new ConcurrentLinkedQueue<>();
  private final Map<String, Instant> triggers = new ConcurrentHashMap<>();
  private final Map<String, JsonNode> views = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private volatile @Nullable URI callback;
  private volatile boolean down;
  private volatile Installation installation = Installation.IN_WORKSPACE;
  private volatile String channel = CHANNEL;

  public FakeSlack(Mode mode) {
    this.mode = mode;
    aside("auth.test", BOT_TOKEN, this::authTest);
    aside("auth.teams.list", BOT_TOKEN, this::listTeams);
    aside("apps.connections.open", APP_TOKEN, this::openConnection);
    on("chat.postMessage", this::post);
    on("chat.update", this::update);
    on("chat.postEphemeral", this::whisper);
    on("views.open", this::open);
  }

  /// Runs it as a process of its own, see [FakeProcess]; with the argument `http` it calls back.
  static void main(String[] arguments) throws IOException {
    var http = List.of(arguments).contains("http");
    FakeProcess.run(new FakeSlack(http ? Mode.HTTP : Mode.SOCKET));
  }

  @Override
  public Map<String, Object> settings() {
    return settings(CHANNEL);
  }

  /// The settings of a channel of that id.
  public Map<String, Object> settings(String channel) {
    var settings = new TreeMap<String, Object>();
    settings.put("api", server.address() + "/api/");
    settings.put("bot-token", BOT_TOKEN);
    settings.put("channel", channel);
    switch (mode) {
      case SOCKET -> settings.put("app-token", APP_TOKEN);
      case HTTP -> settings.put("signing-secret", SIGNING_SECRET);
    }
    return settings;
  }

  @Override
  public void callBack(URI address) {
    callback = address;
  }

  @Override
  public List<Shown> shown() {
    return messages.stream()
        .filter(m -> m.thread.isEmpty() && !m.deleted)
        .map(this::shown)
        .toList();
  }

  @Override
  public String click(Shown message, Action action, Person person, Optional<String> reason) {
    var heard = whispers.size();
    var live = find(message.ref()).filter(m -> m.buttons().containsKey(action)).isPresent();
    var press = press(message, action, person);
    send(press);
    if (action == Action.DENY_WITH_REASON && reason.isPresent()) {
      var view = within(PATIENCE, () -> Optional.ofNullable(views.get(text(press, "trigger_id"))));
      view.ifPresent(dialog -> send(submission(dialog, person, reason.get())));
    }
    // A live button that worked is followed by silence, which takes long to be sure of.
    var patience = live ? Duration.ofSeconds(1) : Duration.ofSeconds(5);
    return within(patience, () -> whispered(person, heard)).orElse("");
  }

  @Override
  public String say(Optional<Shown> message, String text, Person person) {
    throw new UnsupportedOperationException("the app does not read messages");
  }

  @Override
  public List<HttpCall> forgeries(Shown message, Person person) {
    if (mode == Mode.SOCKET) {
      return List.of();
    }
    var press = press(message, Action.APPROVE, person);
    var now = Instant.now();
    var signed = signed(press, SIGNING_SECRET, now);
    return List.of(
        with(signed, Map.of()),
        with(signed, Map.of("X-Slack-Signature", List.of("v0="))),
        with(signed, twice(signed)),
        signed(press, "another secret", now),
        signed(press, SIGNING_SECRET, now.minusSeconds(301)),
        signed(press, SIGNING_SECRET, now.plusSeconds(310)),
        signed(changed(press, "api_app_id", "A0ANOTHER"), SIGNING_SECRET, now),
        signed(changedIn(press, "team", "id", "T0ANOTHER"), SIGNING_SECRET, now),
        signed(elsewhere(press), SIGNING_SECRET, now));
  }

  @Override
  public boolean delete(Shown message) {
    find(message.ref()).orElseThrow().deleted = true;
    return true;
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
    sockets.close();
    server.close();
  }

  /// Answers a call of `chat.*`, after some that go well, with `{"ok": false}` and this error.
  public void refuse(String error, int after) {
    errors.addAll(Collections.nCopies(after, Optional.empty()));
    errors.add(Optional.of(error));
  }

  /// Installs the app in another way from now on.
  public void install(Installation way) {
    installation = way;
  }

  /// Shares the channel of [#settings()] with another company, which gives it another id. It can
  /// still be posted to by the old one.
  public void share() {
    channel = "C0SHARED";
  }

  /// Wants every new socket replaced at once, or no longer.
  public void restless(boolean isRestless) {
    sockets.restless(isRestless);
  }

  /// Sends a text on every open socket as it is.
  public void sayOnSockets(String text) {
    sockets.say(text);
  }

  /// What was refused so far, and why.
  public List<String> refusals() {
    return List.copyOf(refusals);
  }

  /// Takes the whole Web API down, or up again.
  public void down(boolean isDown) {
    down = isDown;
  }

  /// Sockets opened so far.
  public int socketsOpened() {
    return sockets.greeted();
  }

  /// Sockets open now.
  public int socketsOpen() {
    return sockets.size();
  }

  /// Says goodbye on all sockets, as before a refresh or when Socket Mode is switched off.
  ///
  /// @param reason `warning`, `refresh_requested`, `link_disabled` or `too_many_websockets`
  public void goodbye(String reason) {
    sockets.goodbye(reason);
  }

  /// Closes the sockets that were told goodbye.
  public void closeLeaving() {
    sockets.closeLeaving();
  }

  /// Cuts all sockets without a word.
  public void drop() {
    sockets.drop();
  }

  /// Keeps all sockets open without a sign of life, or lives again.
  public void freeze(boolean frozen) {
    sockets.freeze(frozen);
  }

  /// What Slack tells the app when a person presses a button.
  public ObjectNode press(Shown message, Action action, Person person) {
    var data =
        Optional.ofNullable(message.buttons().get(action))
            .or(() -> find(message.ref()).map(m -> m.seen.get(action)))
            .orElseThrow(() -> new IllegalStateException("there never was such a button"));
    var payload = interaction("block_actions", person);
    payload.put("trigger_id", trigger(Duration.ZERO));
    payload.putObject("channel").put("id", now(message.ref().place())).put("name", "approvals");
    payload
        .putObject("container")
        .put("type", "message")
        .put("message_ts", message.ref().id())
        .put("channel_id", now(message.ref().place()))
        .put("is_ephemeral", false);
    payload
        .putArray("actions")
        .addObject()
        .put("type", "button")
        .put("action_id", data)
        .put("value", data)
        .put("action_ts", stamp());
    return payload;
  }

  /// Sends an interaction by a socket and does not wait for its acknowledgement.
  ///
  /// @return its envelope
  public String deliver(JsonNode interaction) {
    return sockets.deliver(interaction);
  }

  /// Sends it in an envelope that was used before.
  public void deliverAgain(JsonNode interaction, String envelope) {
    sockets.deliver(interaction, envelope);
  }

  /// How often the app acknowledged an envelope.
  public int acknowledged(String envelope) {
    return sockets.acknowledged(envelope);
  }

  /// A trigger for a dialog that was issued so long ago.
  public String trigger(Duration age) {
    var trigger = numbers.incrementAndGet() + ".100200300.0123456789abcdef";
    triggers.put(trigger, Instant.now().minus(age));
    return trigger;
  }

  /// Sends an interaction as this mode does, and waits for what is said to that person in answer.
  ///
  /// @return empty when that is nothing
  public String send(JsonNode interaction, Person person) {
    var heard = whispers.size();
    send(interaction);
    return within(Duration.ofSeconds(1), () -> whispered(person, heard)).orElse("");
  }

  private void send(JsonNode payload) {
    switch (mode) {
      case SOCKET -> acknowledge(payload);
      case HTTP -> call(signed(payload, SIGNING_SECRET, Instant.now()));
    }
  }

  private void acknowledge(JsonNode payload) {
    await().until(() -> sockets.size() > 0);
    var envelope = deliver(payload);
    if (within(PATIENCE, () -> Optional.of(envelope).filter(id -> acknowledged(id) > 0))
        .isEmpty()) {
      throw new IllegalStateException("Slack shows that the app did not answer");
    }
  }

  private void call(HttpCall call) {
    var address = Optional.ofNullable(callback).orElseThrow();
    var request = HttpRequest.newBuilder(address).timeout(PATIENCE);
    call.headers().forEach((name, values) -> request.header(name, values.getFirst()));
    try {
      var answer =
          http.send(
              request.POST(BodyPublishers.ofByteArray(call.body())).build(),
              BodyHandlers.discarding());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException("Slack shows that the app answered " + answer.statusCode());
      }
    } catch (IOException e) {
      throw new IllegalStateException("Slack shows that the app did not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static HttpCall signed(JsonNode payload, String secret, Instant time) {
    var body = "payload=" + URLEncoder.encode(Json.text(payload), UTF_8);
    var stamp = String.valueOf(time.getEpochSecond());
    var hash = Hmac.sha256(secret.getBytes(UTF_8), ("v0:" + stamp + ":" + body).getBytes(UTF_8));
    return new HttpCall(
        "POST",
        Map.of(),
        Map.of(
            "Content-Type",
            List.of("application/x-www-form-urlencoded"),
            "X-Slack-Request-Timestamp",
            List.of(stamp),
            "X-Slack-Signature",
            List.of("v0=" + Hmac.hex(hash))),
        body.getBytes(UTF_8));
  }

  private static HttpCall with(HttpCall call, Map<String, List<String>> changes) {
    var headers = new TreeMap<>(call.headers());
    headers.remove("X-Slack-Signature");
    headers.putAll(changes);
    return new HttpCall(call.method(), call.query(), headers, call.body());
  }

  private static Map<String, List<String>> twice(HttpCall call) {
    var signature = call.header("X-Slack-Signature").orElseThrow();
    return Map.of("X-Slack-Signature", List.of(signature, signature));
  }

  private static ObjectNode changed(ObjectNode payload, String field, String value) {
    return payload.deepCopy().put(field, value);
  }

  private static ObjectNode changedIn(
      ObjectNode payload, String object, String field, String value) {
    var copy = payload.deepCopy();
    copy.withObject("/" + object).put(field, value);
    return copy;
  }

  private static ObjectNode elsewhere(ObjectNode payload) {
    var copy = changedIn(payload, "container", "channel_id", "C0ANOTHER");
    copy.withObject("/container").put("message_ts", "1700000000.000001");
    return copy;
  }

  private ObjectNode submission(JsonNode view, Person person, String reason) {
    var input = view.path("blocks").path(0);
    var most = input.path("element").path("max_length").asInt(3000);
    var submitted = ((ObjectNode) view.deepCopy()).put("id", "V" + numbers.incrementAndGet());
    submitted
        .putObject("state")
        .putObject("values")
        .putObject(text(input, "block_id"))
        .putObject(text(input.path("element"), "action_id"))
        .put("type", "plain_text_input")
        .put("value", reason.substring(0, Math.min(reason.length(), most)));
    var payload = interaction("view_submission", person);
    payload.set("view", submitted);
    return payload;
  }

  private ObjectNode interaction(String type, Person person) {
    var payload = Json.object().put("type", type).put("api_app_id", APP).put("token", "deprecated");
    payload.put("is_enterprise_install", installation != Installation.IN_WORKSPACE);
    if (installation == Installation.IN_WORKSPACE) {
      payload.putNull("enterprise");
    } else {
      payload.putObject("enterprise").put("id", ORGANISATION).put("name", "Fake");
    }
    switch (installation) {
      case IN_WORKSPACE -> payload.putObject("team").put("id", TEAM).put("domain", "fake");
      case IN_ORGANISATION ->
          payload.putObject("team").put("id", TEAM).put("enterprise_id", ORGANISATION);
      case IN_ORGANISATION_ALONE -> payload.putNull("team");
    }
    payload
        .putObject("user")
        .put("id", person.id())
        .put("username", person.name())
        .put("name", person.name())
        .put("team_id", TEAM);
    return payload;
  }

  private void on(String method, Method answer) {
    server.on("POST", path(method), method, request -> answer(method, BOT_TOKEN, request, answer));
  }

  private void aside(String method, String token, Method answer) {
    server.aside("POST", path(method), request -> answer(method, token, request, answer));
  }

  private static String path(String method) {
    return "/api/" + method.replace(".", "\\.");
  }

  private Answer answer(String method, String token, Request request, Method answer) {
    if (down) {
      refusals.add(method + ": down");
      return Answer.of(503);
    }
    var told = Optional.ofNullable(method.startsWith("chat.") ? errors.poll() : null);
    var error = told.flatMap(what -> what);
    if (error.isEmpty()
        && !request.header("Authorization").equals(Optional.of("Bearer " + token))) {
      error =
          Optional.of(request.header("Authorization").isPresent() ? "invalid_auth" : "not_authed");
    }
    var reply = Json.object();
    var problem = error.or(() -> answer.refusal(request.fields(), reply));
    problem.ifPresent(what -> refusals.add(method + ": " + what));
    return problem.map(FakeSlack::refused).orElseGet(() -> Answer.json(200, reply.put("ok", true)));
  }

  private static Answer refused(String problem) {
    var words = problem.split(" ", 2);
    var reply = Json.object().put("ok", false).put("error", words[0]);
    if (words.length > 1) {
      reply.putObject("response_metadata").putArray("messages").add(words[1]);
    }
    return Answer.json(200, reply);
  }

  private Optional<String> authTest(JsonNode request, ObjectNode reply) {
    reply.put("url", "https://fake.slack.com/").put("team", "Fake").put("user", "approvals");
    reply.put("user_id", "U0BOT").put("bot_id", "B0BOT");
    reply.put("is_enterprise_install", installation != Installation.IN_WORKSPACE);
    switch (installation) {
      case IN_WORKSPACE -> reply.put("team_id", TEAM);
      case IN_ORGANISATION -> reply.put("team_id", ORGANISATION);
      case IN_ORGANISATION_ALONE -> reply.putNull("team_id").putNull("team");
    }
    if (installation != Installation.IN_WORKSPACE) {
      reply.put("enterprise_id", ORGANISATION);
    }
    return Optional.empty();
  }

  private Optional<String> listTeams(JsonNode request, ObjectNode reply) {
    reply.putArray("teams").addObject().put("id", TEAM).put("name", "Fake");
    return Optional.empty();
  }

  private Optional<String> openConnection(JsonNode request, ObjectNode reply) {
    reply.put("url", sockets.ticket());
    return Optional.empty();
  }

  private Optional<String> post(JsonNode request, ObjectNode reply) {
    var thread = Optional.of(text(request, "thread_ts")).filter(ts -> !ts.isEmpty());
    var problem =
        unknown(request).or(() -> thread.flatMap(this::noThread)).or(() -> wrong(request));
    if (problem.isEmpty()) {
      var id = text(request, "channel");
      var message = new Message(id.equals(channel) ? CHANNEL : id, stamp(), thread);
      message.show(text(request, "text"), blocks(request));
      messages.add(message);
      reply.put("channel", now(message.channel)).put("ts", message.ts);
      reply
          .putObject("message")
          .put("type", "message")
          .put("ts", message.ts)
          .put("text", message.text)
          .put("bot_id", "B0BOT")
          .put("app_id", APP)
          .put("team", TEAM);
    }
    return problem;
  }

  private Optional<String> update(JsonNode request, ObjectNode reply) {
    var message = find(new MessageRef(text(request, "channel"), text(request, "ts")));
    var problem = unknown(request).or(() -> missing(message)).or(() -> wrong(request));
    if (problem.isEmpty()) {
      message.orElseThrow().show(text(request, "text"), blocks(request));
      message.orElseThrow().edits++;
      reply.put("channel", now(text(request, "channel"))).put("ts", text(request, "ts"));
    }
    return problem;
  }

  private Optional<String> whisper(JsonNode request, ObjectNode reply) {
    var nobody = !text(request, "user").matches("[UW][A-Z0-9]+");
    var problem =
        unknown(request)
            .or(() -> nobody ? Optional.of("user_not_in_channel") : Optional.empty())
            .or(() -> wrong(request));
    if (problem.isEmpty()) {
      whispers.add(new Whisper(text(request, "user"), SlackMarkup.text(blocks(request))));
      reply.put("message_ts", stamp());
    }
    return problem;
  }

  private Optional<String> open(JsonNode request, ObjectNode reply) {
    var trigger = text(request, "trigger_id");
    var issued = Optional.ofNullable(triggers.get(trigger));
    if (issued.isEmpty()) {
      return Optional.of("invalid_trigger_id");
    }
    if (issued.get().plus(PATIENCE).isBefore(Instant.now())) {
      return Optional.of("expired_trigger_id");
    }
    var view = json(text(request, "view"));
    var problems = SlackLimits.view(view);
    if (!problems.isEmpty()) {
      return Optional.of("invalid_arguments " + problems);
    }
    reply.putObject("view").put("id", "V" + numbers.incrementAndGet()).put("type", "modal");
    return views.putIfAbsent(trigger, view) == null
        ? Optional.empty()
        : Optional.of("exchanged_trigger_id");
  }

  private Optional<String> unknown(JsonNode request) {
    var known = List.of(CHANNEL, channel, OTHER_CHANNEL).contains(text(request, "channel"));
    return known ? Optional.empty() : Optional.of("channel_not_found");
  }

  /// The id that a channel has now.
  private String now(String id) {
    return id.equals(CHANNEL) ? channel : id;
  }

  private Optional<String> noThread(String ts) {
    var stands = messages.stream().anyMatch(m -> m.ts.equals(ts) && m.thread.isEmpty());
    return stands ? Optional.empty() : Optional.of("thread_not_found");
  }

  private static Optional<String> missing(Optional<Message> message) {
    var there = message.filter(m -> !m.deleted).isPresent();
    return there ? Optional.empty() : Optional.of("message_not_found");
  }

  private static Optional<String> wrong(JsonNode request) {
    var text = text(request, "text");
    var blocks = blocks(request);
    var problems = SlackLimits.message(blocks);
    if (text.isEmpty()) {
      // Slack takes blocks alone, and then has nothing to notify with.
      return Optional.of("no_text");
    }
    if (text.length() > 4_000) {
      return Optional.of("msg_too_long");
    }
    if (!problems.isEmpty()) {
      return Optional.of("invalid_blocks " + problems);
    }
    return SlackLimits.tooLong(blocks) ? Optional.of("msg_blocks_too_long") : Optional.empty();
  }

  private Shown shown(Message message) {
    var replies = messages.stream().filter(m -> m.thread.equals(Optional.of(message.ts))).toList();
    return new Shown(
        new MessageRef(message.channel, message.ts),
        message.words(),
        message.buttons(),
        replies.stream().map(Message::attached).toList(),
        Stream.concat(Stream.of(message), replies.stream()).flatMap(Message::pings).toList(),
        message.edits);
  }

  private Optional<Message> find(MessageRef ref) {
    return messages.stream()
        .filter(message -> now(message.channel).equals(now(ref.place())))
        .filter(message -> message.ts.equals(ref.id()))
        .findFirst();
  }

  private Optional<String> whispered(Person person, int from) {
    return whispers.stream()
        .skip(from)
        .filter(whisper -> whisper.user.equals(person.id()))
        .map(Whisper::text)
        .findFirst();
  }

  private String stamp() {
    var number = numbers.incrementAndGet();
    return "%d.%06d".formatted(Instant.now().getEpochSecond(), number % 1_000_000);
  }

  private static JsonNode blocks(JsonNode request) {
    var blocks = text(request, "blocks");
    return blocks.isEmpty() ? Json.array() : json(blocks);
  }

  private static JsonNode json(String text) {
    try {
      return Json.parse(text);
    } catch (IOException _) {
      return Json.object();
    }
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }

  private static <T> Optional<T> within(Duration patience, Supplier<Optional<T>> found) {
    try {
      return await()
          .atMost(patience)
          .pollInterval(Duration.ofMillis(2))
          .pollDelay(Duration.ZERO)
          .until(found::get, Optional::isPresent);
    } catch (ConditionTimeoutException _) {
      return Optional.empty();
    }
  }

  private static Answer words(Trouble trouble) {
    return switch (trouble) {
      case TOO_MANY -> tooMany();
      case BROKEN, ANSWER_LOST, NONSENSE -> Answer.of(500);
      case REVOKED -> refused("token_revoked");
    };
  }

  private static Answer tooMany() {
    return new Answer(429, Map.of("Retry-After", "2"), refused("ratelimited").body());
  }

  /// How an app gets its interactions.
  public enum Mode {
    /// Over a socket that the app opened.
    SOCKET,
    /// Posted to the app's address.
    HTTP
  }

  /// Where an app is installed, and how Slack says so.
  public enum Installation {
    /// In one workspace.
    IN_WORKSPACE,
    /// In a whole organisation, which is named in the place of the workspace.
    IN_ORGANISATION,
    /// In a whole organisation, and no workspace is named.
    IN_ORGANISATION_ALONE
  }

  private interface Method {
    /// Does what was asked and fills in the reply, or says why not.
    Optional<String> refusal(JsonNode request, ObjectNode reply);
  }

  private record Whisper(String user, String text) {}

  private static final class Message {

    final String channel;
    final String ts;
    final Optional<String> thread;
    final Map<Action, String> seen = new ConcurrentHashMap<>();
    volatile String text = "";
    volatile JsonNode blocks = Json.array();
    volatile int edits;
    volatile boolean deleted;

    Message(String channel, String ts, Optional<String> thread) {
      this.channel = channel;
      this.ts = ts;
      this.thread = thread;
    }

    void show(String newText, JsonNode newBlocks) {
      text = newText;
      blocks = newBlocks;
      seen.putAll(buttons());
    }

    String words() {
      return SlackMarkup.text(blocks);
    }

    /// What a message of a thread holds, without a heading above a block of code.
    String attached() {
      var code = SlackMarkup.code(blocks);
      return code.isEmpty() ? words() : code;
    }

    Stream<String> pings() {
      return SlackMarkup.pings(text, blocks).stream();
    }

    Map<Action, String> buttons() {
      var buttons = new EnumMap<Action, String>(Action.class);
      StreamSupport.stream(blocks.spliterator(), false)
          .flatMap(block -> StreamSupport.stream(block.path("elements").spliterator(), false))
          .filter(element -> element.path("type").asText().equals("button"))
          .map(element -> element.path("value").asText())
          .forEach(data -> Button.parse(data).ifPresent(b -> buttons.put(b.action(), data)));
      return buttons;
    }
  }
}
