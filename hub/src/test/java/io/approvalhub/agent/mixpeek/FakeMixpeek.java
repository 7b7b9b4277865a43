package io.approvalhub.agent.mixpeek;

import static io.approvalhub.agent.relay.StreamingServer.answer;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import io.approvalhub.agent.relay.SentEvents;
import io.approvalhub.agent.relay.StreamingServer;
import io.approvalhub.kit.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Mixpeek's agent sessions as far as confirmations go, with their refusals. The `content` of a
/// message says what the agent does:
///
/// - `delete`: asks with nothing but an id, after a tool call, and ends the first stream
/// - `delete:…`: the same, to delete that collection
/// - `full`: asks with everything that a confirmation may carry
/// - `open`: asks and leaves the first stream open for a while
/// - `chain`: asks again in the continuation
/// - `slow`: asks; its continuation has two halves, and the second waits for [#goOn]
/// - `lost`: takes the decision and breaks the connection instead of answering
/// - anything else: asks nothing
public final class FakeMixpeek implements AutoCloseable {

  static final String EVENT = "confirmation_required";
  public static final String KEY = "sk_test";

  private static final Pattern MESSAGES = Pattern.compile("/v1/agents/sessions/([^/]+)/messages");
  private static final Pattern CONFIRMATIONS =
      Pattern.compile("/v1/agents/sessions/([^/]+)/confirmations/([^/]+)");

  private final StreamingServer server = new StreamingServer(this::handle);
  private final Map<String, String> waiting = new ConcurrentHashMap<>();
  private final Set<String> ended = ConcurrentHashMap.newKeySet();
  private volatile boolean misreads;
  private final List<SentEvents> streams = new CopyOnWriteArrayList<>();
  private final List<Confirmation> confirmations = new CopyOnWriteArrayList<>();
  private final CountDownLatch second = new CountDownLatch(1);

  /// As a process of its own: prints its address as one line of JSON, then answers each id of a
  /// confirmation on its standard input with the decisions that came for it, and ends with the
  /// input.
  static void main() throws IOException {
    try (var fake = new FakeMixpeek();
        var lines = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      System.out.println(Json.text(Json.object().put("url", fake.address().toString())));
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println(Json.text(fake.decided(line.strip())));
      }
    }
  }

  public URI address() {
    return server.address();
  }

  StreamingServer server() {
    return server;
  }

  /// First streams and continuations, in the order in which they began.
  List<SentEvents> streams() {
    return List.copyOf(streams);
  }

  /// The decisions that came, with the status of the answer.
  List<Confirmation> confirmations() {
    return List.copyOf(confirmations);
  }

  /// Ends what waits, as time does.
  void expire() {
    ended.addAll(waiting.keySet());
    waiting.clear();
  }

  /// Takes the next decision for one of the wrong shape.
  void misread() {
    misreads = true;
  }

  /// Takes decisions as they are again.
  void readsAgain() {
    misreads = false;
  }

  /// Forgets what waits, as if it had never been there.
  void forget() {
    waiting.clear();
  }

  void goOn() {
    second.countDown();
  }

  @Override
  public void close() {
    server.close();
  }

  private JsonNode decided(String id) {
    var verdicts = Json.array();
    confirmations.stream()
        .filter(confirmation -> confirmation.id().equals(id))
        .forEach(confirmation -> verdicts.add(confirmation.approved()));
    return verdicts;
  }

  private void handle(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    var messages = MESSAGES.matcher(path);
    var confirmation = CONFIRMATIONS.matcher(path);
    if (!("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      error(exchange, 401, "AuthenticationError");
    } else if (messages.matches()) {
      message(exchange);
    } else if (confirmation.matches()) {
      confirm(exchange, confirmation.group(2));
    } else {
      error(exchange, 404, "NotFoundError");
    }
  }

  private void message(HttpExchange exchange) throws IOException {
    var content = Json.parse(exchange.getRequestBody().readAllBytes()).path("content").asText();
    var out = stream(exchange);
    out.event("intent", "{\"intent\":\"delete\",\"confidence\":0.9}");
    var named = content.startsWith("delete:");
    var collection = named ? content.substring("delete:".length()) : "col_1";
    if (!named && !List.of("delete", "full", "open", "chain", "slow", "lost").contains(content)) {
      out.event("token", "{\"content\":\"Nothing to do.\"}");
      out.event("done", "{}");
      return;
    }
    var id = "conf_" + (named ? collection : content);
    waiting.put(id, content);
    out.event(
        "tool_call",
        "{\"tool_name\":\"delete_collection\",\"tool_call_id\":\"run_abc\",\"inputs\":{\"collection_id\":\"%s\"}}"
            .formatted(collection));
    out.event(EVENT, content.equals("full") ? full(id) : "{\"confirmation_id\":\"" + id + "\"}");
    if (content.equals("open")) {
      await();
      out.event("thinking", "{\"step\":1}");
    }
  }

  private static String full(String id) {
    return Json.text(
        Json.object()
            .put("confirmation_id", id)
            .put("name", "delete_bucket")
            .put("description", "Deletes a bucket for good")
            .put("expires_at", "2020-01-01T00:00:00")
            .set("parameters", Json.object().put("bucket_id", "bkt_1")));
  }

  private void confirm(HttpExchange exchange, String id) throws IOException {
    var approved = Json.parse(exchange.getRequestBody().readAllBytes()).path("approved");
    var status = status(approved, id, waiting.containsKey(id));
    var content = status == 422 ? null : waiting.remove(id);
    confirmations.add(new Confirmation(id, approved, status));
    if (content == null || status != 200) {
      refuse(exchange, status);
      return;
    }
    ended.add(id);
    if (!content.equals("lost")) {
      goOn(stream(exchange), content, approved.asBoolean());
    }
  }

  private int status(JsonNode approved, String id, boolean waits) {
    if (misreads || !approved.isBoolean()) {
      return 422;
    }
    if (waits) {
      return 200;
    }
    return ended.contains(id) ? 400 : 404;
  }

  private static void refuse(HttpExchange exchange, int status) throws IOException {
    switch (status) {
      case 422 ->
          answer(
              exchange,
              422,
              Json.parse(
                  "{\"detail\":[{\"loc\":[\"body\",\"approved\"],\"msg\":\"Field"
                      + " required\",\"type\":\"missing\"}]}"));
      case 400 -> error(exchange, 400, "ValidationError");
      default -> error(exchange, 404, "NotFoundError");
    }
  }

  private void goOn(SentEvents out, String content, boolean approved) throws IOException {
    if (!approved) {
      out.event("token", "{\"content\":\"Okay, I will leave the collection in place.\"}");
      out.event("done", "{}");
      return;
    }
    out.event(
        "tool_result",
        "{\"tool_name\":\"delete_collection\",\"success\":true,\"result\":{\"deleted\":true}}");
    if (content.equals("chain")) {
      waiting.put("conf_second", "delete");
      out.event(
          EVENT,
          "{\"confirmation_id\":\"conf_second\",\"tool_name\":\"delete_bucket\",\"inputs\":{\"bucket_id\":\"bkt_1\"}}");
      return;
    }
    if (content.equals("slow")) {
      await();
    }
    out.event("token", "{\"content\":\"I've deleted the collection as requested.\"}");
    out.event("done", "{}");
  }

  private void await() throws IOException {
    try {
      second.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private SentEvents stream(HttpExchange exchange) throws IOException {
    var out = new SentEvents(exchange, 1 << 16, "\n");
    streams.add(out);
    return out;
  }

  private static void error(HttpExchange exchange, int status, String type) throws IOException {
    var body = Json.object().put("success", false).put("status", status);
    body.putObject("error").put("message", "No").put("type", type);
    answer(exchange, status, body);
  }

  /// A decision that came.
  ///
  /// @param status what it was answered
  record Confirmation(String id, JsonNode approved, int status) {}
}
