package io.approvalhub.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.HttpReply;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// An agent that stops before one tool call after the other. It has the approvals API of HiveGate,
/// as far as a hub calls it, and does nothing else.
final class ExampleAgent implements AutoCloseable {

  private static final String PATH = "/v2/approvals";
  private static final String RUN = "release-42";

  /// HiveGate writes UTC without saying so.
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final InstantSource clock;
  private final String key = "agw_" + Secrets.random();
  private final JsonNode toolCalls;
  private final List<Received> received = new ArrayList<>();
  private final LocalServer server;
  private int next;
  private Optional<Instant> stoppedAt = Optional.empty();

  ExampleAgent(InstantSource clock) throws IOException {
    this.clock = clock;
    toolCalls = toolCalls();
    server = new LocalServer(this::answer);
  }

  /// Sets to work, and stops.
  synchronized void work() {
    stoppedAt = Optional.of(clock.instant());
  }

  String url() {
    return server.address();
  }

  String key() {
    return key;
  }

  int stops() {
    return toolCalls.size();
  }

  /// Every decide call that it took, in order.
  synchronized List<Received> received() {
    return List.copyOf(received);
  }

  @Override
  public void close() {
    server.close();
  }

  private synchronized HttpReply answer(String path, HttpCall call) {
    if (!call.header("X-API-Key").equals(Optional.of(key))) {
      return detail(401, "Invalid or expired API key");
    }
    var route = call.method() + " " + path;
    var waiting = waiting();
    if (route.equals("GET " + PATH)) {
      return list(waiting);
    }
    return waiting
        .flatMap(row -> answer(route, row, call.body()))
        .orElseGet(() -> detail(404, "No pending approval for " + path));
  }

  private Optional<HttpReply> answer(String route, ObjectNode row, byte[] body) {
    var path = PATH + "/" + row.path("job_id").asText();
    if (route.equals("GET " + path)) {
      return Optional.of(HttpReply.json(200, Json.text(row)));
    }
    return route.equals("POST " + path + "/decide")
        ? Optional.of(decide(row, body))
        : Optional.empty();
  }

  private static HttpReply list(Optional<ObjectNode> waiting) {
    var rows = Json.array();
    waiting.ifPresent(rows::add);
    return HttpReply.json(200, Json.text(rows));
  }

  private HttpReply decide(ObjectNode row, byte[] body) {
    var message = parsed(body);
    if (!message.path("approved").isBoolean()) {
      return detail(422, "approved must be true or false");
    }
    received.add(new Received(row.path("tool_name").asText(), message));
    next++;
    work();
    var status = message.path("approved").asBoolean() ? "approved" : "denied";
    return HttpReply.json(
        200,
        Json.text(
            Json.object()
                .put("job_id", row.path("job_id").asText())
                .put("status", status)
                .put("message", "Tool call " + status)));
  }

  /// The tool call before which it has stopped.
  private Optional<ObjectNode> waiting() {
    return next == toolCalls.size() ? Optional.empty() : stoppedAt.map(this::row);
  }

  private ObjectNode row(Instant at) {
    var row = Json.object().put("job_id", RUN + ":call_" + (next + 1));
    row.setAll((ObjectNode) toolCalls.get(next));
    return row.put("timestamp", TIMESTAMP.format(at));
  }

  private static JsonNode parsed(byte[] body) {
    try {
      return Json.parse(body);
    } catch (IOException _) {
      return MissingNode.getInstance();
    }
  }

  private static HttpReply detail(int status, String detail) {
    return HttpReply.json(status, Json.text(Json.object().put("detail", detail)));
  }

  private static JsonNode toolCalls() throws IOException {
    try (var stream = ExampleAgent.class.getResourceAsStream("/demo/tool-calls.json")) {
      return Json.parse(Optional.ofNullable(stream).orElseThrow().readAllBytes());
    }
  }

  /// A decide call.
  ///
  /// @param message its body
  record Received(String tool, JsonNode message) {}
}
