package io.approvalhub.discord;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.discord.DiscordMessages.Card;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.plugin.RefusedException;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import net.dv8tion.jda.api.requests.RestConfig;

/// Discord's REST API. Not JDA's: its channels are known only while the gateway is up, and it waits
/// out limits and failures by itself, which is the courier's business.
final class DiscordApi implements AutoCloseable {

  private static final Duration WHEN_UNSAID = Duration.ofSeconds(5);
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);
  private static final int ARCHIVED = 50083;

  /// An unknown message, and an interaction that nobody waits for any more.
  private static final Set<Integer> GONE = Set.of(10008, 10062);

  /// What is wrong with the message or the answer itself, and will be whenever it is sent.
  private static final Set<Integer> MALFORMED =
      Set.of(40005, 40060, 50005, 50006, 50021, 50035, 50045, 50046, 50109, 240000);

  private static final String NO_TEXT =
      "no messages can be posted there: set channel to a text channel, or to a post of the forum";

  /// What is wrong with the place, and what would mend it.
  private static final Map<Integer, String> CURES =
      Map.of(
          50008, NO_TEXT,
          50024, NO_TEXT,
          160005, "the thread is locked: unlock it, or let the bot manage threads");

  private final HttpClient http = JsonHttp.client();
  private final Map<String, Instant> turns = new ConcurrentHashMap<>();
  private final URI base;
  private final String token;
  private final InstantSource clock;

  DiscordApi(DiscordSettings settings, InstantSource clock) {
    this.base = URI.create(settings.api() + "/");
    this.token = settings.bot().token();
    this.clock = clock;
  }

  JsonNode get(String path) throws IOException {
    return taken(JsonHttp.send(http, request(path).GET().build()));
  }

  JsonNode post(String path, JsonNode body) throws IOException {
    return taken(JsonHttp.send(http, json(path, "POST", body).build()));
  }

  /// Posts or patches a message.
  ///
  /// @return its id
  String send(String method, String path, Card card) throws IOException {
    awaitTurn(method);
    var request =
        card.files().isEmpty() ? json(path, method, card.payload()) : multipart(path, method, card);
    var reply = JsonHttp.send(http, request.build());
    rememberTurn(method, reply);
    return id(taken(reply));
  }

  /// Opens a thread that was archived, as Discord does after some days of silence.
  void reopen(String thread) throws IOException {
    var open = Json.object().put("archived", false);
    try {
      taken(JsonHttp.send(http, json("channels/" + thread, "PATCH", open).build()));
    } catch (StoppedException e) {
      throw new StoppedException(
          "the thread is archived; open it, or let the bot manage threads. " + e.getMessage());
    }
  }

  /// The id in an answer; a page of a proxy in between has none.
  static String id(JsonNode answer) throws IOException {
    var id = answer.path("id").asText("");
    if (id.isEmpty()) {
      throw new IOException("Discord took a call and answered without an id");
    }
    return id;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .header("Authorization", "Bot " + token)
        // Discord turns away callers that do not look like a bot it knows.
        .header("User-Agent", RestConfig.USER_AGENT);
  }

  private HttpRequest.Builder json(String path, String method, JsonNode body) {
    return request(path)
        .header("Content-Type", "application/json")
        .method(method, BodyPublishers.ofString(Json.text(body)));
  }

  private HttpRequest.Builder multipart(String path, String method, Card card) {
    var boundary = UUID.randomUUID().toString();
    var body = new StringBuilder();
    part(body, boundary, "payload_json\"", "application/json", Json.text(card.payload()));
    for (var file : card.files()) {
      var name = "files[%d]\"; filename=\"%s\"".formatted(card.files().indexOf(file), file.name());
      part(body, boundary, name, "text/plain; charset=utf-8", file.text());
    }
    return request(path)
        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
        .method(method, BodyPublishers.ofString(body + "--" + boundary + "--\r\n"));
  }

  private static void part(
      StringBuilder body, String boundary, String name, String type, String text) {
    body.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=\"");
    body.append(name).append("\r\nContent-Type: ").append(type).append("\r\n\r\n");
    body.append(text).append("\r\n");
  }

  /// Running into a limit counts against the bot, so it is kept when the last answer told it.
  private void awaitTurn(String method) throws TryAgainException {
    var wait = Duration.between(clock.instant(), turns.getOrDefault(method, Instant.MIN));
    if (wait.isPositive()) {
      throw new TryAgainException("Discord takes no more messages right now", wait);
    }
  }

  private void rememberTurn(String method, JsonHttp.Reply reply) {
    if (reply.headers().firstValue("X-RateLimit-Remaining").filter("0"::equals).isPresent()) {
      reply
          .headers()
          .firstValue("X-RateLimit-Reset-After")
          .flatMap(DiscordApi::seconds)
          .ifPresent(after -> turns.put(method, clock.instant().plus(after)));
    }
  }

  private static JsonNode taken(JsonHttp.Reply reply) throws IOException {
    if (reply.ok()) {
      return reply.body();
    }
    throw problem(reply);
  }

  private static IOException problem(JsonHttp.Reply reply) {
    var code = reply.body().path("code").asInt();
    var what = "Discord answered %d, code %d".formatted(reply.status(), code);
    return switch (reply.status()) {
      case 429 -> new TryAgainException(what, retryAfter(reply));
      case 401 -> new StoppedException("Discord refused the token; it must be set anew");
      case 403 ->
          new StoppedException(what + ": the bot may not view, write or attach files there");
      case 404 ->
          GONE.contains(code)
              ? new RefusedException(what + ": it is gone")
              : new StoppedException(what + ": the channel, user or API address does not exist");
      case 413 -> new RefusedException(what);
      case 400 -> refused(code, what, reply);
      default -> new IOException(what);
    };
  }

  /// What is not known may be mended, so it is tried again.
  private static IOException refused(int code, String what, JsonHttp.Reply reply) {
    if (code == ARCHIVED) {
      return new ArchivedThreadException(what);
    }
    if (CURES.containsKey(code)) {
      return new StoppedException(what + ": " + CURES.get(code));
    }
    return MALFORMED.contains(code)
        ? new RefusedException(what + details(reply))
        : new IOException(what);
  }

  /// Which rules were broken; never the values that broke them.
  private static String details(JsonHttp.Reply reply) {
    return ": " + reply.body().path("errors").findValuesAsText("code");
  }

  private static Duration retryAfter(JsonHttp.Reply reply) {
    return Optional.of(reply.body().path("retry_after"))
        .filter(JsonNode::isNumber)
        .flatMap(after -> seconds(after.asText()))
        .or(() -> JsonHttp.retryAfter(reply.headers()))
        .orElse(WHEN_UNSAID);
  }

  /// Empty for what is no length of time.
  private static Optional<Duration> seconds(String decimal) {
    try {
      var seconds = Double.parseDouble(decimal);
      return seconds >= 0
          ? Optional.of(
              Duration.ofMillis(
                  (long) Math.ceil(Math.min(seconds, LONGEST_WAIT.toSeconds()) * 1000)))
          : Optional.empty();
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  /// The place is a thread that was archived.
  static final class ArchivedThreadException extends IOException {

    private static final long serialVersionUID = 1;

    ArchivedThreadException(String message) {
      super(message);
    }
  }
}
