package io.approvalhub.agent.mistralrs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.approvalhub.agent.relay.SentEvents;
import io.approvalhub.agent.relay.StreamingServer;
import io.approvalhub.kit.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// mistral.rs as far as approvals go, with its refusals and its races. The `model` of a request
/// says what it does:
///
/// - `default`: one Python call
/// - `shell`: one shell command
/// - `custom`: one MCP tool whose arguments the model got wrong
/// - `mcp:…`: the MCP tool of that name
/// - `numbered:…`: an MCP tool of that name and three digits, which no other call has; they also
///   stand in the id of the approval
/// - `twice`: two Python calls, one after the other
/// - `early`: begins to wait only when it has been decided
/// - `split`: a Python call, each byte sent by itself
/// - `crlf`: a Python call, lines ending with CR LF
/// - `unreadable`: asks with an event that is no strict JSON
/// - `large`: asks with an event of 9 MB
/// - `bye`: ends the stream while the approval waits
/// - `lost`: takes the decision and breaks the connection instead of answering
public final class FakeMistralRs implements AutoCloseable {

  static final String EVENT = "agentic_tool_approval_required";
  private static final String NUMBERED = "numbered:";

  private static final Duration KEEP_ALIVE = Duration.ofMillis(200);

  private static final String PYTHON =
      """
      {"tool": {"source":"built_in","kind":"code_execution","label":"Python code"},
       "arguments": {"code":"print(2+2)","outputs":[{"name":"plot.png","format":"png"}]},
       "name": "mistralrs_execute_python"}\
      """;
  private static final String SHELL =
      """
      {"tool": {"source":"built_in","kind":"shell","label":"Shell command"},
       "arguments": {"commands":["rm -rf build"],"timeout_ms":1000}, "name": "mistralrs_shell"}\
      """;
  private static final String CUSTOM =
      """
      {"tool": {"source":"user","kind":"custom","label":"github_create_issue"},
       "arguments": "{\\"title\\": \\"broken", "name": "github_create_issue"}\
      """;

  private final Duration timeout;
  private final StreamingServer server = new StreamingServer(this::handle);
  private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();
  private volatile boolean misreads;
  private final Set<String> remembered = ConcurrentHashMap.newKeySet();
  private final List<SentEvents> streams = new CopyOnWriteArrayList<>();
  private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
  private final List<Decision> decisions = new CopyOnWriteArrayList<>();
  private final Map<String, String> asked = new ConcurrentHashMap<>();
  private final List<String> run = new CopyOnWriteArrayList<>();
  private final AtomicInteger numbers = new AtomicInteger();

  /// @param timeout how long an approval waits
  public FakeMistralRs(Duration timeout) {
    this.timeout = timeout;
  }

  /// As a process of its own: prints its address as one line of JSON, then answers each name of a
  /// tool on its standard input with the decisions that came for it, and ends with the input.
  static void main() throws IOException {
    try (var fake = new FakeMistralRs(Duration.ofSeconds(300));
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

  /// The streams so far.
  List<SentEvents> streams() {
    return List.copyOf(streams);
  }

  /// The bodies of the chats and messages that were asked for.
  List<JsonNode> requests() {
    return List.copyOf(requests);
  }

  /// The decisions that came, with the status of the answer.
  List<Decision> decisions() {
    return List.copyOf(decisions);
  }

  /// The decisions that came for the tool of that name.
  public List<Decision> decisions(String tool) {
    return decisions.stream().filter(decision -> tool.equals(asked.get(decision.id()))).toList();
  }

  /// The names of the tools that it asked about.
  public Set<String> asked() {
    return Set.copyOf(asked.values());
  }

  /// The names of the tools that ran.
  public List<String> run() {
    return List.copyOf(run);
  }

  /// Approves everything in a session, as if somebody had said so before.
  public void remember(String session) {
    remembered.add(session);
  }

  /// Takes the next decision for one of the wrong shape.
  void misread() {
    misreads = true;
  }

  /// Takes decisions as they are again.
  void readsAgain() {
    misreads = false;
  }

  /// Loses what waits, as a restart does.
  void forget() {
    waiting.clear();
  }

  @Override
  public void close() {
    server.close();
  }

  private JsonNode decided(String tool) {
    var words = Json.array();
    decisions(tool).forEach(decision -> words.add(decision.body().path("decision")));
    return words;
  }

  private void handle(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    var call = exchange.getRequestMethod() + " " + path;
    switch (call) {
      case "POST /v1/chat/completions" -> chat(exchange, false);
      case "POST /v1/messages" -> chat(exchange, true);
      case "GET /health" -> answer(exchange, 200, "text/plain", "OK");
      case "POST /v1/responses" ->
          answer(exchange, 200, "application/json", "{\"object\":\"response\"}");
      default -> other(exchange, call);
    }
  }

  private void other(HttpExchange exchange, String call) throws IOException {
    var decide = "POST /v1/agent/approvals/";
    if (call.startsWith(decide)) {
      decide(exchange, call.substring(decide.length()));
    } else if (call.startsWith("PUT /v1/sessions/")) {
      var bytes = exchange.getRequestBody().readAllBytes();
      answer(exchange, 200, "application/json", "{\"bytes\":" + bytes.length + "}");
    } else {
      answer(exchange, 404, "text/plain", "");
    }
  }

  private void chat(HttpExchange exchange, boolean messages) throws IOException {
    var body = Json.parse(exchange.getRequestBody().readAllBytes());
    requests.add(body);
    var asks = body.path("agent_permission").asText("auto").equals("ask");
    if (asks && !body.path("stream").asBoolean()) {
      refuse(exchange, messages);
      return;
    }
    new Run(exchange, body, asks, messages).go();
  }

  private static void refuse(HttpExchange exchange, boolean messages) throws IOException {
    if (messages) {
      answer(
          exchange,
          400,
          "application/json",
          "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"agent_permission"
              + " `ask` requires stream=true over HTTP.\"}}");
    } else {
      answer(
          exchange,
          422,
          "application/json",
          "{\"message\":\"agent_permission \\\"ask\\\" requires stream=true over HTTP; approve or"
              + " deny emitted requests with POST /v1/agent/approvals/{approval_id}.\"}");
    }
  }

  private void decide(HttpExchange exchange, String id) throws IOException {
    var bytes = exchange.getRequestBody().readAllBytes();
    if (!"application/json".equals(exchange.getRequestHeaders().getFirst("Content-Type"))) {
      answer(exchange, 415, "text/plain", "Expected request with `Content-Type: application/json`");
      return;
    }
    var decision = json(bytes);
    var word = decision == null ? "" : decision.path("decision").asText();
    if (misreads || decision == null || !List.of("approve", "deny").contains(word)) {
      answer(exchange, decision == null ? 400 : 422, "text/plain", "unknown variant");
      return;
    }
    decide(exchange, id, decision);
  }

  /// The first decision wins; for every later one nothing is there.
  private void decide(HttpExchange exchange, String id, JsonNode decision) throws IOException {
    var found = waiting.remove(id);
    decisions.add(new Decision(id, decision, found == null ? 404 : 200));
    if (found == null) {
      answer(exchange, 404, "application/json", "{\"status\":\"not_found\"}");
      return;
    }
    if (found.lost) {
      found.decision.complete(decision);
      return;
    }
    var status = found.early ? "queued" : "resolved";
    answer(exchange, 200, "application/json", "{\"status\":\"" + status + "\"}");
    found.decision.complete(decision);
  }

  private static @Nullable JsonNode json(byte[] bytes) {
    try {
      return Json.parse(bytes);
    } catch (IOException _) {
      return null;
    }
  }

  private static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    var bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /// A decision that came.
  ///
  /// @param status what it was answered
  public record Decision(String id, JsonNode body, int status) {
    public boolean approved() {
      return body.path("decision").asText().equals("approve");
    }
  }

  private record Waiting(CompletableFuture<JsonNode> decision, boolean early, boolean lost) {}

  private final class Run {

    private final SentEvents out;
    private final String model;
    private final String session;
    private final boolean asks;
    private final boolean messages;

    private Run(HttpExchange exchange, JsonNode body, boolean asks, boolean messages)
        throws IOException {
      this.asks = asks;
      this.messages = messages;
      model = body.path("model").asText("default");
      session = body.path("session_id").asText(UUID.randomUUID().toString());
      out = new SentEvents(exchange, model.equals("split") ? 1 : 1 << 16, lineEnd(model));
      streams.add(out);
    }

    private static String lineEnd(String model) {
      return model.equals("crlf") ? "\r\n" : "\n";
    }

    private void go() throws IOException {
      out.data(chunk("Let me compute."));
      for (var round = 0; round < (model.equals("twice") ? 2 : 1); round++) {
        round(round, Json.parse(tool()));
      }
      if (model.equals("bye")) {
        return;
      }
      out.data(chunk("It is 4."));
      if (messages) {
        out.event("message_stop", "{\"type\":\"message_stop\"}");
      } else {
        out.data("[DONE]");
      }
    }

    private String tool() {
      return switch (model) {
        case "shell" -> SHELL;
        case "custom" -> CUSTOM;
        default -> named().map(Run::mcp).orElse(PYTHON);
      };
    }

    private Optional<String> named() {
      var name = model.substring(model.indexOf(':') + 1);
      return switch (model.substring(0, model.length() - name.length())) {
        case "mcp:" -> Optional.of(name);
        case NUMBERED -> Optional.of(name + "%03d".formatted(numbers.incrementAndGet()));
        default -> Optional.empty();
      };
    }

    private static String mcp(String name) {
      var tool = Json.object().put("name", name);
      tool.putObject("tool").put("source", "user").put("kind", "custom").put("label", name);
      tool.putObject("arguments").put("to", "production");
      return Json.text(tool);
    }

    private void round(int round, JsonNode tool) throws IOException {
      var name = tool.path("name").asText();
      progress(round, name, "calling", data(tool));
      if (!asks || remembered.contains(session)) {
        complete(round, tool);
        return;
      }
      var id = "appr_" + UUID.randomUUID().toString().replace("-", "");
      if (model.startsWith(NUMBERED)) {
        id += name;
      }
      var early = model.equals("early");
      if (List.of("unreadable", "large").contains(model)) {
        out.event(EVENT, asked(Json.object().put("approval_id", id)));
        denied(round, tool, "Approval timed out.");
        return;
      }
      var wait = new Waiting(new CompletableFuture<>(), early, model.equals("lost"));
      asked.put(id, name);
      waiting.put(id, wait);
      var event = Json.object().put("type", EVENT).put("approval_id", id);
      event.put("session_id", session).put("round", round);
      event.set("tool", tool.path("tool"));
      event.set("arguments", tool.path("arguments"));
      out.event(EVENT, asked(event));
      if (model.equals("bye")) {
        return;
      }
      decided(round, tool, await(id, wait));
    }

    /// What cannot be read is asked for all the same, and times out.
    private String asked(ObjectNode event) {
      return switch (model) {
        case "unreadable" -> "{\"approval_id\":\"a\",\"approval_id\":\"b\"}";
        case "large" -> Json.text(event.put("arguments", "x".repeat(9 << 20)));
        default -> Json.text(event);
      };
    }

    private @Nullable JsonNode await(String id, Waiting wait) throws IOException {
      var end = System.nanoTime() + timeout.toNanos();
      while (System.nanoTime() < end) {
        try {
          return wait.decision.get(KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
          keepAlive();
        } catch (InterruptedException | ExecutionException e) {
          throw new IOException(e);
        }
      }
      waiting.remove(id);
      return null;
    }

    /// Nobody notices here that the client has gone.
    private void keepAlive() {
      try {
        if (messages) {
          out.event("ping", "{\"type\":\"ping\"}");
        } else {
          out.send(":\n\n");
        }
      } catch (IOException _) {
        // the wait goes on
      }
    }

    private void decided(int round, JsonNode tool, @Nullable JsonNode decision) throws IOException {
      if (decision == null) {
        denied(round, tool, "Approval timed out.");
      } else if (decision.path("decision").asText().equals("deny")) {
        denied(round, tool, decision.path("message").asText("Agent action was denied."));
      } else {
        if (decision.path("remember_for_session").asBoolean()) {
          remembered.add(session);
        }
        complete(round, tool);
      }
    }

    private void complete(int round, JsonNode tool) throws IOException {
      run.add(tool.path("name").asText());
      var data = data(tool).deepCopy();
      ((ObjectNode) data).put("stdout", "4\n");
      progress(round, tool.path("name").asText(), "complete", data);
    }

    private void denied(int round, JsonNode tool, String message) throws IOException {
      var data = Json.object();
      switch (tool.path("tool").path("kind").asText()) {
        case "code_execution" -> data.put("tool_type", "code_execution").put("exception", message);
        case "shell" ->
            data.put("tool_type", "shell").put("stderr", message).put("status", "denied");
        default ->
            data.put("tool_type", "custom")
                .put(
                    "content",
                    Json.text(Json.object().put("status", "denied").put("exception", message)));
      }
      progress(round, tool.path("name").asText(), "complete", data);
    }

    private static JsonNode data(JsonNode tool) {
      var kind = tool.path("tool").path("kind").asText();
      return Json.object().put("tool_type", kind);
    }

    private void progress(int round, String tool, String phase, JsonNode data) throws IOException {
      var event =
          Json.object()
              .put("type", "agentic_tool_call_progress")
              .put("round", round)
              .put("tool_name", tool)
              .put("phase", phase);
      event.set("data", data);
      out.event("agentic_tool_call_progress", Json.text(event));
    }

    private static String chunk(String text) {
      return "{\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
          + text
          + "\"},\"finish_reason\":null}]}";
    }
  }
}
