package io.approvalhub.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Hmac;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.Person;
import io.approvalhub.testkit.DiscordPost.Upload;
import io.approvalhub.testkit.FakeServer.Answer;
import io.approvalhub.testkit.FakeServer.Request;
import io.approvalhub.testkit.FakeServer.Route;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Discord: REST, and either a gateway or signed calls for what people do.
///
/// It knows one server with a channel, a thread in it and a forum, one bot, and the direct messages
/// that the bot opens. It
/// refuses what breaks Discord's limits, and answers to clicks that come late or twice. Bodies that
/// it took go to the file of `testkit.bodies`.
public final class FakeDiscord implements FakePlatform {

  /// A thread in the channel of [#settings].
  public static final String THREAD = DiscordWorld.THREAD;

  /// A channel that holds posts and takes no messages itself.
  public static final String FORUM = DiscordWorld.FORUM;

  /// What a person sees when a click was not answered within three seconds.
  public static final String FAILED = "This interaction failed";

  private static final String API = "/api/v10";
  private static final String MESSAGES = "/channels/{channel_id}/messages";
  private static final String MESSAGE = MESSAGES + "/{message_id}";
  private static final String ANSWER =
      "/interactions/{interaction_id}/{interaction_token}/callback";
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int PONG = 1;
  private static final int WHISPER = 4;
  private static final int DIALOG = 9;
  private static final int EPHEMERAL = 1 << 6;

  private final boolean signed;
  private final KeyPair keys = keys();
  private final HttpClient caller = HttpClient.newHttpClient();
  private final List<DiscordPost> posts = new CopyOnWriteArrayList<>();
  private final Map<String, String> directMessages = new ConcurrentHashMap<>();
  private final Map<String, DiscordInteraction> interactions = new ConcurrentHashMap<>();
  private final FakeServer server = new FakeServer(FakeDiscord::words);
  private final FakeDiscordGateway gateway;
  private volatile String token = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.fake00.not-to-be-printed";
  private volatile String endpoint;
  private volatile boolean full;
  private volatile String resetAfter = "1.500";
  private volatile Optional<JsonNode> asked = Optional.empty();
  private volatile boolean archived;
  private volatile boolean locked;
  private volatile boolean down;
  private volatile @Nullable URI callback;

  private FakeDiscord(boolean signed) {
    this.signed = signed;
    this.endpoint = signed ? "https://hub.example/channels/ops" : "";
    this.gateway = new FakeDiscordGateway(() -> token, DiscordWorld::welcome).open();
    route("GET", "/users/@me", _ -> Answer.json(200, DiscordWorld.bot()));
    route("GET", "/applications/@me", _ -> Answer.json(200, DiscordWorld.application(endpoint)));
    route("POST", "/users/@me/channels", this::openDirectMessages);
    server.aside("POST", API + "/interactions/(\\d+)/([^/]+)/callback", this::answered);
    server.aside("PATCH", API + "/channels/(\\d+)", bot(this::changeChannel));
    server.on("GET", API + "/channels/(\\d+)/messages", "getMessages", bot(this::newest));
    server.on("POST", API + "/channels/(\\d+)/messages", "createMessage", bot(this::create));
    server.on("PATCH", API + "/channels/(\\d+)/messages/(\\d+)", "editMessage", bot(this::edit));
  }

  /// A Discord whose clicks go through the gateway.
  public static FakeDiscord gateway() {
    return new FakeDiscord(false);
  }

  /// A Discord whose clicks are signed calls.
  public static FakeDiscord http() {
    return new FakeDiscord(true);
  }

  /// With the gateway, or with signed calls when the argument is `http`.
  static void main(String... arguments) throws IOException {
    FakeProcess.run(new FakeDiscord(List.of(arguments).contains("http")));
  }

  @Override
  public Map<String, Object> settings() {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("api", server.address() + API);
    settings.put("token", token);
    settings.put("application-id", DiscordWorld.APPLICATION);
    settings.put("channel", DiscordWorld.CHANNEL);
    if (signed) {
      settings.put("public-key", publicKey());
    } else {
      settings.put("gateway", gateway.address().toString());
    }
    return settings;
  }

  @Override
  public void callBack(URI address) {
    callback = address;
  }

  @Override
  public List<Shown> shown() {
    return posts.stream().map(DiscordPost::shown).toList();
  }

  @Override
  public String click(Shown message, Action action, Person person, Optional<String> reason) {
    var answer = pressed(message, action, person);
    return reason.isPresent() && answer.path("type").asInt() == DIALOG
        ? dialog(message, answer, person).apply(reason.get())
        : told(answer);
  }

  /// A person presses the button that asks for a reason and looks at the dialog.
  ///
  /// @return fills it in, sends it off, and gives what is said to that person in answer
  public UnaryOperator<String> dialog(Shown message, Person person) {
    return dialog(message, pressed(message, Action.DENY_WITH_REASON, person), person);
  }

  @Override
  public String say(Optional<Shown> message, String text, Person person) {
    throw new UnsupportedOperationException("Without a privileged intent a bot sees no words");
  }

  @Override
  public boolean delete(Shown message) {
    return posts.remove(post(message));
  }

  @Override
  public List<HttpCall> forgeries(Shown message, Person person) {
    var post = post(message);
    return signed
        ? forgeries(DiscordWorld.press(post, post.button(Action.APPROVE), person))
        : List.of();
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

  /// A press of a button with any id, such as one of another bot.
  ///
  /// @return what is said to that person in answer
  public String press(Shown message, String customId, Person person) {
    return told(happen(DiscordWorld.press(post(message), customId, person)));
  }

  /// Saves the channel's address in the developer portal, which sends a ping with a good and one
  /// with a bad signature.
  ///
  /// @return whether Discord would take the address
  public boolean acceptsEndpoint() {
    var ping = bytes(DiscordWorld.ping());
    var good = send(call(ping, keys, Instant.now()));
    var bad = send(call(ping, keys(), Instant.now()));
    return good.map(answer -> answer.path("type").asInt() == PONG).orElse(false) && bad.isEmpty();
  }

  /// Sets an Interactions Endpoint URL in the developer portal; an empty one clears it.
  public void endpoint(String url) {
    endpoint = url;
  }

  /// Takes one more message or edit and says that it is the last for 1.5 seconds.
  public void fill() {
    full = true;
  }

  /// The same, and says so much for how long.
  public void fill(String after) {
    resetAfter = after;
    full = true;
  }

  /// Turns away the next message or edit, asking to wait so long.
  public void limit(JsonNode retryAfter) {
    asked = Optional.of(retryAfter);
  }

  /// Archives the thread, as Discord does when nobody wrote for some days.
  ///
  /// @param forGood locks it, too, so that only moderators can open it again
  public void archive(boolean forGood) {
    archived = true;
    locked = forGood;
  }

  /// Sends an interaction through the gateway as it is, and does not wait for its answer.
  public void dispatch(ObjectNode interaction) {
    gateway.dispatch("INTERACTION_CREATE", interaction);
  }

  /// What Discord tells the bot when a person presses the button of an action.
  public ObjectNode interaction(Shown message, Action action, Person person) {
    var post = post(message);
    return DiscordWorld.press(post, post.button(action), person);
  }

  /// Sends an interaction the way of this Discord.
  ///
  /// @return what is said to that person in answer
  public String send(ObjectNode interaction) {
    return told(happen(interaction));
  }

  /// Breaks the API, or mends it.
  public void down(boolean broken) {
    down = broken;
  }

  /// Makes a new token in the developer portal, which ends the old one.
  public void revoke() {
    token = token + "2";
    gateway.close(4004);
  }

  /// Refuses new gateway connections, or takes them again.
  public void refuseGateway(boolean refuse) {
    gateway.refuse(refuse);
  }

  /// Breaks the gateway connections; what happens until they are resumed is replayed then.
  public void dropGateway() {
    gateway.drop();
  }

  /// Closes the gateway connections with a code.
  public void closeGateway(int code) {
    gateway.close(code);
  }

  /// How many bots are connected to the gateway.
  public long connected() {
    return gateway.connected();
  }

  /// How often the gateway turned a bot away.
  public int refused() {
    return gateway.refused();
  }

  /// How often a gateway session was resumed.
  public int resumed() {
    return gateway.resumed();
  }

  @Override
  public void close() {
    gateway.shut();
    server.close();
    caller.shutdownNow();
  }

  private JsonNode pressed(Shown message, Action action, Person person) {
    var post = post(message);
    return happen(DiscordWorld.press(post, post.button(action), person));
  }

  private UnaryOperator<String> dialog(Shown message, JsonNode answer, Person person) {
    var dialog = answer.path("data");
    return reason -> told(happen(DiscordWorld.submit(post(message), dialog, reason, person)));
  }

  private void route(String method, String path, Route route) {
    server.aside(method, API + path, bot(route));
  }

  private Route bot(Route route) {
    return request -> {
      if (down) {
        return error(503, 0, "503: Service Unavailable");
      }
      var known = request.header("Authorization").equals(Optional.of("Bot " + token));
      return known ? route.answer(request) : error(401, 0, "401: Unauthorized");
    };
  }

  private Answer openDirectMessages(Request request) {
    var person = request.fields().path("recipient_id").asText();
    CapturedBodies.add("discord", "/users/@me/channels", "post", request.fields());
    var channel = directMessages.computeIfAbsent(person, _ -> DiscordWorld.snowflake());
    return Answer.json(200, DiscordWorld.directMessages(channel, new Person(person, "someone")));
  }

  private synchronized Answer newest(Request request) {
    var limit = Integer.parseInt(request.query().getOrDefault("limit", List.of("50")).getFirst());
    if (limit < 1 || limit > 100) {
      return error(400, 50035, "Invalid Form Body");
    }
    var messages = Json.array();
    posts.reversed().stream()
        .filter(post -> post.channel().equals(request.group(1)))
        .limit(limit)
        .forEach(post -> messages.add(post.json()));
    return Answer.json(200, messages);
  }

  private synchronized Answer create(Request request) throws IOException {
    var payload = payload(request);
    var files = files(request);
    var channel = request.group(1);
    var problem = closed(channel);
    if (problem.isPresent()) {
      return problem.get();
    }
    var post = new DiscordPost(channel, payload, files);
    var problems = DiscordLimits.message(payload, post.names(payload, files));
    if (!problems.isEmpty()) {
      return invalid(problems);
    }
    if (post.blank()) {
      return error(400, 50006, "Cannot send an empty message");
    }
    CapturedBodies.add("discord", MESSAGES, "post", payload);
    return counted(Answer.json(200, once(post, payload).json()));
  }

  /// Why nothing can be written there.
  private Optional<Answer> closed(String channel) {
    var wait = asked;
    asked = Optional.empty();
    if (wait.isPresent()) {
      var body = problem(0, "You are being rate limited.").set("retry_after", wait.get());
      return Optional.of(Answer.json(429, body));
    }
    if (channel.equals(FORUM)) {
      return Optional.of(error(400, 50008, "Cannot send messages in a non-text channel"));
    }
    if (channel.equals(THREAD) && archived) {
      return Optional.of(error(400, 50083, "Thread is archived"));
    }
    return DiscordWorld.inServer(channel) || directMessages.containsValue(channel)
        ? Optional.empty()
        : Optional.of(error(404, 10003, "Unknown Channel"));
  }

  private synchronized Answer changeChannel(Request request) {
    if (!request.group(1).equals(THREAD) || !request.fields().path("archived").isBoolean()) {
      return error(403, 50013, "Missing Permissions");
    }
    if (locked) {
      return error(403, 50013, "Missing Permissions");
    }
    CapturedBodies.add("discord", "/channels/{channel_id}", "patch", request.fields());
    archived = request.fields().path("archived").asBoolean();
    return Answer.json(200, DiscordWorld.thread(archived, locked));
  }

  /// With `enforce_nonce` the same nonce means the same message.
  private DiscordPost once(DiscordPost post, JsonNode payload) {
    var same = posts.stream().filter(other -> other.nonce().equals(post.nonce())).findFirst();
    if (payload.path("enforce_nonce").asBoolean() && !post.nonce().isEmpty() && same.isPresent()) {
      return same.get();
    }
    posts.add(post);
    return post;
  }

  private synchronized Answer edit(Request request) throws IOException {
    var payload = payload(request);
    var files = files(request);
    var found =
        posts.stream()
            .filter(post -> post.channel().equals(request.group(1)))
            .filter(post -> post.id().equals(request.group(2)))
            .findFirst();
    if (found.isEmpty()) {
      return error(404, 10008, "Unknown Message");
    }
    var problem = closed(request.group(1));
    if (problem.isPresent()) {
      return problem.get();
    }
    var post = found.get();
    var problems = DiscordLimits.edit(payload, post.flags(), post.names(payload, files));
    if (!problems.isEmpty()) {
      return invalid(problems);
    }
    CapturedBodies.add("discord", MESSAGE, "patch", payload);
    post.edit(payload, files);
    return counted(Answer.json(200, post.json()));
  }

  private Answer counted(Answer answer) {
    var last = full;
    full = false;
    return answer
        .with("X-RateLimit-Limit", "5")
        .with("X-RateLimit-Remaining", last ? "0" : "4")
        .with("X-RateLimit-Reset-After", resetAfter);
  }

  private Answer answered(Request request) {
    var interaction = interactions.get(request.group(1));
    return interaction == null || !interaction.token().equals(request.group(2))
        ? error(404, 10062, "Unknown interaction")
        : answered(interaction, request.fields());
  }

  private synchronized Answer answered(DiscordInteraction interaction, JsonNode response) {
    var refusal = refusal(interaction, response);
    var answer = refusal.orElse(Answer.of(204));
    server.remember(new Call("answerInteraction", Json.text(response), answer.status()));
    if (refusal.isEmpty()) {
      CapturedBodies.add("discord", ANSWER, "post", response);
      interaction.answer(response);
    }
    return answer;
  }

  private static Optional<Answer> refusal(DiscordInteraction interaction, JsonNode response) {
    if (interaction.late()) {
      return Optional.of(error(404, 10062, "Unknown interaction"));
    }
    if (interaction.answered()) {
      return Optional.of(error(400, 40060, "Interaction has already been acknowledged."));
    }
    var problems = interaction.problems(response);
    return problems.isEmpty() ? Optional.empty() : Optional.of(invalid(problems));
  }

  /// Tells the bot, and waits for its answer as long as a person would.
  private JsonNode happen(ObjectNode json) {
    var interaction = new DiscordInteraction(json);
    interactions.put(interaction.id(), interaction);
    if (signed) {
      var answer = send(call(bytes(json), keys, Instant.now()));
      answer.ifPresent(response -> answered(interaction, response));
      return interaction.answered() ? interaction.await().orElseThrow() : MissingNode.getInstance();
    }
    gateway.dispatch("INTERACTION_CREATE", json);
    return interaction.await().orElse(MissingNode.getInstance());
  }

  /// What the person sees of an answer. One that is not for that person alone is a message to all.
  private String told(JsonNode answer) {
    if (answer.isMissingNode()) {
      return FAILED;
    }
    var data = answer.path("data");
    if (answer.path("type").asInt() != WHISPER) {
      return "";
    }
    if ((data.path("flags").asInt() & EPHEMERAL) == 0) {
      posts.add(new DiscordPost(DiscordWorld.CHANNEL, data, List.of()));
      return "";
    }
    return DiscordMarkup.plain(data.path("content").asText());
  }

  private Optional<JsonNode> send(HttpCall call) {
    var address = callback;
    if (address == null) {
      throw new IllegalStateException("There is no address to call back");
    }
    var request =
        HttpRequest.newBuilder(address)
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofByteArray(call.body()));
    call.headers().forEach((name, values) -> request.header(name, values.getFirst()));
    try {
      var answer = caller.send(request.build(), BodyHandlers.ofByteArray());
      return answer.statusCode() == 200 ? Optional.of(Json.parse(answer.body())) : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<HttpCall> forgeries(ObjectNode press) {
    var now = Instant.now();
    var body = bytes(press);
    var genuine = call(body, keys, now);
    var other = bytes(press.deepCopy().put("id", DiscordWorld.snowflake()));
    var unsigned = Map.of("Content-Type", List.of("application/json"));
    return List.of(
        new HttpCall("POST", Map.of(), unsigned, body),
        new HttpCall("POST", Map.of(), genuine.headers(), other),
        new HttpCall("GET", Map.of(), Map.of(), new byte[0]),
        call(body, keys(), now),
        call(body, keys, now.minus(Duration.ofMinutes(10))),
        call(body, keys, now.plus(Duration.ofMinutes(10))),
        call(bytes(press.deepCopy().put("application_id", "1100000000000000008")), keys, now),
        call(bytes(press.deepCopy().put("channel_id", "1100000000000000007")), keys, now));
  }

  private static HttpCall call(byte[] body, KeyPair keys, Instant at) {
    var time = String.valueOf(at.getEpochSecond());
    var headers =
        Map.of(
            "Content-Type", List.of("application/json"),
            "X-Signature-Timestamp", List.of(time),
            "X-Signature-Ed25519", List.of(Hmac.hex(sign(keys, time, body))));
    return new HttpCall("POST", Map.of(), headers, body);
  }

  private static byte[] sign(KeyPair keys, String time, byte[] body) {
    try {
      var signature = Signature.getInstance("Ed25519");
      signature.initSign(keys.getPrivate());
      signature.update(time.getBytes(UTF_8));
      signature.update(body);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keys() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The last 32 bytes of the X.509 form.
  private String publicKey() {
    var encoded = keys.getPublic().getEncoded();
    return Hmac.hex(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
  }

  private DiscordPost post(Shown message) {
    return posts.stream()
        .filter(post -> post.id().equals(message.ref().id()))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode payload(Request request) throws IOException {
    var fields = request.fields();
    return fields.has("payload_json") ? Json.parse(fields.path("payload_json").asText()) : fields;
  }

  private static List<Upload> files(Request request) {
    var files = new ArrayList<Upload>();
    for (var file : request.fields()) {
      if (file.has("filename") && file.has("text")) {
        files.add(new Upload(file.path("filename").asText(), file.path("text").asText()));
      }
    }
    return files;
  }

  private static Answer words(Trouble trouble) {
    return switch (trouble) {
      case TOO_MANY ->
          Answer.json(429, problem(0, "You are being rate limited.").put("retry_after", 2.0))
              .with("X-RateLimit-Scope", "user");
      case BROKEN, ANSWER_LOST, NONSENSE -> error(500, 0, "500: Internal Server Error");
      case REVOKED -> error(401, 0, "401: Unauthorized");
    };
  }

  private static Answer invalid(SortedMap<String, String> problems) {
    var errors = problem(50035, "Invalid Form Body");
    problems.forEach(
        (path, code) ->
            errors
                .withObject("/errors")
                .putObject(path)
                .putArray("_errors")
                .addObject()
                .put("code", code)
                .put("message", path + " is refused"));
    return Answer.json(400, errors);
  }

  private static Answer error(int status, int code, String message) {
    return Answer.json(status, problem(code, message));
  }

  private static ObjectNode problem(int code, String message) {
    return Json.object().put("message", message).put("code", code);
  }

  private static byte[] bytes(JsonNode json) {
    return Json.text(json).getBytes(UTF_8);
  }
}
