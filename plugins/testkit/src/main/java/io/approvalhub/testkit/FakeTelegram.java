package io.approvalhub.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.Person;
import io.approvalhub.testkit.FakeServer.Answer;
import io.approvalhub.testkit.FakeServer.Request;
import io.approvalhub.testkit.TelegramGroup.Post;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/// Telegram's Bot API on 127.0.0.1, with one bot in one group.
///
/// Beyond what every [FakePlatform] does, it does what happens to bots in life: a rival that
/// polls, a group that becomes a supergroup, messages that are deleted or too old to be seen. The
/// bodies it took go to the file of `testkit.bodies`.
public final class FakeTelegram implements FakePlatform {

  private static final AtomicLong BOTS = new AtomicLong(7_000_000_001L);
  private static final long GROUP = -1_002_003_004_005L;
  private static final int MOST_ANSWER = 200;
  private static final Set<String> TEXTS =
      Set.of("text", "caption", "url", "secret_token", "callback_query_id", "document");
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration MOMENT = Duration.ofSeconds(2);

  private final long id = BOTS.getAndIncrement();
  private final boolean webhook;
  private final String token = id + ":AAFakeFakeFakeFakeFakeFakeFakeFakeF";
  private final String secret = "fake-secret-token_1";
  private final FakeServer server = new FakeServer(FakeTelegram::words);
  private final TelegramGroup group = new TelegramGroup(GROUP, bot());
  private final TelegramUpdates updates = new TelegramUpdates();
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final AtomicInteger queries = new AtomicInteger(4_000_000);
  private final AtomicBoolean flooded = new AtomicBoolean();
  private volatile boolean revoked;
  private volatile boolean inaccessible;
  private volatile boolean late;

  private FakeTelegram(boolean webhook) {
    this.webhook = webhook;
    method("sendMessage", this::send);
    method("sendDocument", body -> sent(group.document(body)));
    method("editMessageText", body -> sent(group.edit(body)));
    method("answerCallbackQuery", this::answered);
    listening("getMe", _ -> bot());
    listening("getUpdates", this::poll);
    listening("setWebhook", this::deliver);
    listening("deleteWebhook", _ -> doNotDeliver());
    listening("getWebhookInfo", _ -> webhookInfo());
    server.on("POST", ".*", "unknown", _ -> answer(new TelegramRefusal(404, "Not Found")));
  }

  /// Settings for a channel that polls.
  public static FakeTelegram polled() {
    return new FakeTelegram(false);
  }

  /// Settings for a channel that is called back.
  public static FakeTelegram callingBack() {
    return new FakeTelegram(true);
  }

  /// Runs it as a process of its own, see [FakeProcess]; with the argument `webhook` it calls back.
  static void main(String[] arguments) throws IOException {
    var webhook = List.of(arguments).contains("webhook");
    FakeProcess.run(new FakeTelegram(webhook));
  }

  @Override
  public Map<String, Object> settings() {
    var settings = new HashMap<String, Object>();
    settings.put("api", server.address().toString());
    settings.put("token", token);
    settings.put("chat", String.valueOf(GROUP));
    if (webhook) {
      settings.put("mode", "webhook");
      settings.put("secret-token", secret);
    }
    return settings;
  }

  /// Telegram learns the address by `setWebhook`.
  @Override
  public void callBack(URI address) {}

  @Override
  public List<Shown> shown() {
    return group.posts().stream().filter(FakeTelegram::shows).map(this::shown).toList();
  }

  @Override
  public String click(Shown message, Action action, Person person, Optional<String> reason) {
    var data = post(message).button(action).orElseThrow();
    var said = press(callback(message, data, user(person)));
    if (reason.isEmpty() || !said.isEmpty()) {
      return said;
    }
    var prompt = await(() -> prompt(message, person));
    return write(person, reason.get(), Optional.of(prompt));
  }

  @Override
  public String say(Optional<Shown> message, String text, Person person) {
    return write(person, text, message.map(this::post));
  }

  @Override
  public String forward(String text, Person person) {
    var message = written(Optional.empty(), text, person);
    message.putObject("forward_origin").put("type", "hidden_user").put("date", 1);
    return send("message", message);
  }

  @Override
  public List<HttpCall> forgeries(Shown message, Person person) {
    return webhook ? forged(update(message, person)) : List.of();
  }

  @Override
  public boolean delete(Shown message) {
    group.delete(message.ref());
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
    updates.close();
    server.close();
  }

  /// A callback query as Telegram sends it, to be altered by tests.
  public ObjectNode callback(Shown message, String data, ObjectNode from) {
    var query = Json.object().put("id", String.valueOf(queries.incrementAndGet()));
    query.set("from", from);
    query.set("message", inaccessible ? inaccessible(post(message)) : post(message).json());
    return query.put("chat_instance", "1").put("data", data);
  }

  /// Sends a callback query.
  ///
  /// @return what the person is told
  public String press(ObjectNode query) {
    raise("callback_query", query);
    var id = query.path("id").asText();
    return await(() -> Optional.ofNullable(answers.get(id)).filter(_ -> remembers(id)));
  }

  /// The person sees an answer a moment before the call is remembered.
  private boolean remembers(String query) {
    return calls().stream()
        .filter(call -> call.name().equals("answerCallbackQuery"))
        .anyMatch(call -> call.body().contains('"' + query + '"'));
  }

  /// Sends an update of a kind such as `message`, and waits until the bot took it.
  public void raise(String kind, ObjectNode content) {
    var id = updates.add(kind, content);
    await(() -> Optional.of(id).filter(updates::taken));
  }

  /// What a person wrote in the group, as Telegram sends it, to be altered by tests.
  public ObjectNode written(Optional<Shown> quoted, String text, Person person) {
    return group.say(user(person), text, quoted.map(this::post)).json();
  }

  /// Sends an update of a kind such as `message` that holds a message of the group.
  ///
  /// @return what the bot says in answer to it; empty when nothing
  public String send(String kind, ObjectNode message) {
    raise(kind, message);
    return soon(() -> answer(message.path("message_id").asInt())).orElse("");
  }

  /// From now on a poll is answered at once, also when there is nothing.
  public void beHasty() {
    updates.beHasty();
  }

  /// The questions that wait for an answer in words.
  public List<Shown> questions() {
    return group.posts().stream().filter(Post::asksForReply).map(this::shown).toList();
  }

  /// The next message, but no file, is one too many.
  public void flood() {
    flooded.set(true);
  }

  /// Another program polls for this bot: the poll that waits ends with a conflict.
  public void rival() {
    updates.conflict();
  }

  /// Updates are numbered from `id` on, as after a week without any.
  public void renumber(int id) {
    updates.renumber(id);
  }

  /// The group becomes a supergroup with the id `to`.
  public void migrate(long to) {
    group.migrate(to);
  }

  /// The bot is thrown out of the group.
  public void block() {
    group.block();
  }

  /// The token no longer works, for anything.
  public void revoke() {
    revoked = true;
  }

  /// Messages are too old for callbacks to show more than their ids.
  public void age() {
    inaccessible = true;
  }

  /// Answers to callback queries come too late.
  public void beLate() {
    late = true;
  }

  /// Markup is refused, whatever it says.
  public void refuseMarkup() {
    group.refuseMarkup();
  }

  /// A person, as Telegram shows one.
  public static ObjectNode user(Person person) {
    return user(Long.parseLong(person.id()), person.name());
  }

  static ObjectNode user(long id, String name) {
    return Json.object().put("id", id).put("is_bot", false).put("first_name", name);
  }

  private ObjectNode bot() {
    return Json.object()
        .put("id", id)
        .put("is_bot", true)
        .put("first_name", "Approvals")
        .put("username", "approvals_bot");
  }

  private static boolean shows(Post post) {
    return post.byBot() && post.file().isEmpty() && !post.asksForReply() && !post.repliesToPerson();
  }

  private Shown shown(Post post) {
    var files = group.posts().stream().filter(file -> post.repliesTo(file.id())).toList();
    var pings = Stream.concat(Stream.of(post), files.stream()).flatMap(one -> one.pings().stream());
    return new Shown(
        post.ref(),
        post.text(),
        post.buttons(),
        files.stream().map(Post::file).toList(),
        pings.toList(),
        post.edits());
  }

  private Post post(Shown message) {
    return group.find(message.ref()).orElseThrow();
  }

  private static ObjectNode inaccessible(Post post) {
    var message = post.json();
    return message.retain("chat", "message_id").put("date", 0);
  }

  private Optional<Post> prompt(Shown message, Person person) {
    return group.posts().stream()
        .filter(Post::asksForReply)
        .filter(post -> post.repliesTo(Integer.parseInt(message.ref().id())))
        .filter(post -> post.json().path("entities").toString().contains("\"id\":" + person.id()))
        .reduce((_, last) -> last);
  }

  private String write(Person person, String text, Optional<Post> quoted) {
    return send("message", group.say(user(person), text, quoted).json());
  }

  private Optional<String> answer(int message) {
    return group.posts().stream()
        .filter(Post::byBot)
        .filter(answer -> answer.repliesTo(message))
        .map(Post::text)
        .findFirst();
  }

  private byte[] update(Shown message, Person person) {
    var data = post(message).button(Action.APPROVE).orElseThrow();
    var update = Json.object().put("update_id", 1);
    update.set("callback_query", callback(message, data, user(person)));
    return Json.text(update).getBytes(StandardCharsets.UTF_8);
  }

  private List<HttpCall> forged(byte[] body) {
    return Stream.of(
            List.<String>of(),
            List.of(""),
            List.of(secret + "x"),
            List.of(secret.substring(1)),
            List.of(secret.toUpperCase(Locale.ROOT)),
            List.of(secret, secret))
        .map(tokens -> Map.of("X-Telegram-Bot-Api-Secret-Token", tokens))
        .map(headers -> new HttpCall("POST", Map.of(), headers, body))
        .toList();
  }

  private void method(String name, Method method) {
    server.on("POST", path(name), name, request -> answer(request, method));
  }

  /// No trouble reaches the methods by which a bot listens.
  private void listening(String name, Method method) {
    server.aside("POST", path(name), request -> remembered(name, request, method));
  }

  private static String path(String method) {
    return "/([^/]*)/" + method;
  }

  private Answer remembered(String name, Request request, Method method) {
    var answer = answer(request, method);
    server.remember(new Call(name, Json.text(request.fields()), answer.status()));
    return answer;
  }

  private Answer answer(Request request, Method method) {
    try {
      authorise(request.group(1));
      var parameters = parameters(request.fields());
      var result = method.result(parameters);
      capture(request.path(), parameters);
      return Answer.json(200, Json.object().put("ok", true).set("result", result));
    } catch (TelegramRefusal e) {
      return answer(e);
    }
  }

  /// An uploaded file is a part of the form, and no parameter.
  private static void capture(String path, ObjectNode parameters) {
    var body = parameters.deepCopy();
    body.properties().removeIf(part -> part.getValue().has("filename"));
    CapturedBodies.add("telegram", path.substring(path.lastIndexOf('/') + 1), "post", body);
  }

  private static Answer answer(TelegramRefusal refusal) {
    return Answer.json(refusal.code(), refusal.json());
  }

  private static Answer words(Trouble trouble) {
    return switch (trouble) {
      case TOO_MANY -> answer(tooMany());
      // What stands before Telegram's servers does not speak JSON.
      case BROKEN, ANSWER_LOST, NONSENSE -> Answer.of(500);
      case REVOKED -> answer(new TelegramRefusal(401, "Unauthorized"));
    };
  }

  private void authorise(String bot) throws TelegramRefusal {
    if (!bot.matches("bot\\d+:[\\w-]+")) {
      throw new TelegramRefusal(404, "Not Found");
    }
    if (revoked || !bot.equals("bot" + token)) {
      throw new TelegramRefusal(401, "Unauthorized");
    }
  }

  /// Forms have texts only, so Telegram reads numbers and JSON from them.
  private static ObjectNode parameters(JsonNode fields) throws TelegramRefusal {
    var parameters = Json.object();
    for (var field : fields.properties()) {
      var verbatim = TEXTS.contains(field.getKey()) || !field.getValue().isTextual();
      parameters.set(field.getKey(), verbatim ? field.getValue() : parsed(field.getValue()));
    }
    return parameters;
  }

  private static JsonNode parsed(JsonNode text) throws TelegramRefusal {
    try {
      var json = text.asText().matches("(?s)-?\\d{1,15}|true|false|[\\[{].*");
      return json ? Json.parse(text.asText()) : text;
    } catch (IOException _) {
      throw TelegramRefusal.badRequest("object expected as parameter");
    }
  }

  private ObjectNode send(ObjectNode body) throws TelegramRefusal {
    if (flooded.getAndSet(false)) {
      throw tooMany();
    }
    return sent(group.send(body));
  }

  private static TelegramRefusal tooMany() {
    return new TelegramRefusal(
        429, "Too Many Requests: retry after 2", Json.object().put("retry_after", 2));
  }

  private static ObjectNode sent(Post post) {
    var message = post.json();
    message.remove("force_reply");
    return message;
  }

  private ArrayNode poll(ObjectNode body) throws TelegramRefusal {
    var limit = Math.clamp(body.path("limit").asInt(100), 1, 100);
    var timeout = Duration.ofSeconds(Math.clamp(body.path("timeout").asInt(), 0, 50));
    try {
      return updates.poll(body.path("offset").asInt(), limit, timeout);
    } catch (InterruptedException _) {
      throw new TelegramRefusal(500, "Internal Server Error: restart");
    }
  }

  private BooleanNode deliver(ObjectNode body) throws TelegramRefusal {
    var url = body.path("url").asText();
    if (!url.matches("https?://[^\\s/]+\\S*")) {
      throw TelegramRefusal.badRequest("invalid webhook URL specified");
    }
    if (!body.path("secret_token").asText().matches("[A-Za-z0-9_-]{0,256}")) {
      throw TelegramRefusal.badRequest("secret token contains unallowed characters");
    }
    updates.deliver(URI.create(url), body.path("secret_token").asText());
    return BooleanNode.TRUE;
  }

  private BooleanNode doNotDeliver() {
    updates.stopDelivering();
    return BooleanNode.TRUE;
  }

  private ObjectNode webhookInfo() {
    return Json.object()
        .put("url", updates.webhook().map(hook -> hook.url().toString()).orElse(""))
        .put("has_custom_certificate", false)
        .put("pending_update_count", updates.count());
  }

  private BooleanNode answered(ObjectNode body) throws TelegramRefusal {
    var query = body.path("callback_query_id").asText();
    var text = body.path("text").asText();
    if (text.length() > MOST_ANSWER) {
      throw TelegramRefusal.badRequest("MESSAGE_TOO_LONG");
    }
    if (late || Integer.parseInt(query) > queries.get()) {
      answers.put(query, "");
      throw TelegramRefusal.badRequest(
          "query is too old and response timeout expired or query ID is invalid");
    }
    answers.put(query, text);
    return BooleanNode.TRUE;
  }

  private static <T> T await(Supplier<Optional<T>> condition) {
    return within(PATIENCE, condition).orElseThrow();
  }

  private static <T> Optional<T> soon(Supplier<Optional<T>> condition) {
    try {
      return within(MOMENT, condition);
    } catch (ConditionTimeoutException _) {
      return Optional.empty();
    }
  }

  private static <T> Optional<T> within(Duration time, Supplier<Optional<T>> condition) {
    return Awaitility.await()
        .atMost(time)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(condition::get, Optional::isPresent);
  }

  @FunctionalInterface
  private interface Method {
    JsonNode result(ObjectNode parameters) throws TelegramRefusal;
  }
}
