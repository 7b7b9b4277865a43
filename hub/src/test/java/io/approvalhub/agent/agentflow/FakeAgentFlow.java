package io.approvalhub.agent.agentflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import io.approvalhub.testkit.FakePlatform.Call;
import io.approvalhub.testkit.FakePlatform.Trouble;
import io.approvalhub.testkit.FakeServer;
import io.approvalhub.testkit.FakeServer.Answer;
import io.approvalhub.testkit.FakeServer.Request;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// An AgentFlow instance and its token endpoint on 127.0.0.1, of either generation.
///
/// It refuses what the contract refuses: calls without a valid token, without the token's tenant or
/// an acting user, words of the other generation, edited arguments that go with a denial, a second
/// response.
public final class FakeAgentFlow implements AutoCloseable {

  private static final String TENANT = "acme";
  private static final String CLIENT = "hub-client";
  private static final String SECRET = "client-secret";
  private static final String AUDIENCE = "https://agentflow.test";
  private static final int LARGEST_PAGE = 100;

  private final FakeServer server = new FakeServer();
  private final Generation generation;
  private final Map<String, ObjectNode> approvals = new LinkedHashMap<>();
  private final Set<String> tokens = new TreeSet<>();
  private final List<String> issued = new ArrayList<>();
  private final Set<String> described = new TreeSet<>();
  private final Set<String> choosy = new TreeSet<>();
  private final Map<String, List<String>> responses = new LinkedHashMap<>();
  private Duration life = Duration.ofHours(1);
  private int mostPerPage = LARGEST_PAGE;
  private boolean deaf;
  private String streamed = "";

  /// One of the newer generation.
  public FakeAgentFlow() {
    this(Generation.B);
  }

  FakeAgentFlow(Generation generation) {
    this.generation = generation;
    var base = generation == Generation.B ? "/api/v1/approvals" : "/approvals";
    server.on("POST", "/oauth/token", "token", this::token);
    server.on("GET", base + "/pending", "pending", admitted(this::pending));
    server.on("POST", base + "/([^/]+)/respond", "respond", admitted(this::respond));
    server.on("POST", base + "/([^/]+)/cancel", "cancel", admitted(this::cancel));
    server.on("POST", "/runs", "run", admitted(_ -> stream()));
    server.on("PUT", ".*/tools/[^/]+/approval", "gate", admitted(_ -> Answer.of(204)));
    server.on("GET", "/openapi.json", "openapi", _ -> Answer.json(200, description(base)));
  }

  /// The settings of an agent on this instance.
  public Map<String, Object> settings() {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("type", "agentflow");
    settings.put("url", server.address().toString());
    settings.put("generation", generation == Generation.B ? "b" : "a");
    settings.put("token-url", server.address() + "/oauth/token");
    settings.put("client-id", CLIENT);
    settings.put("client-secret", SECRET);
    settings.put("audience", AUDIENCE);
    settings.put("tenant", TENANT);
    settings.put("user", "svc|hub");
    return settings;
  }

  /// An agent wants to call a tool.
  public synchronized String ask(String tool, String arguments) throws IOException {
    return ask(Json.object(), tool, arguments);
  }

  /// The same with more of what a row may hold.
  synchronized String ask(ObjectNode more, String tool, String arguments) throws IOException {
    var id = "appr_%06d".formatted(approvals.size() + 1);
    var row = Json.object().put("id", id).put("tool_id", "tool_xyz").put("tool_name", tool);
    row.set("arguments", Json.parse(arguments));
    row.put("status", "pending").put("agent_id", "agent_456").put("conversation_id", "conv_789");
    row.put("created_at", Instant.now().toString()).put("something_new", true);
    approvals.put(id, row.setAll(more));
    return id;
  }

  /// An approval ends without the hub: `approved` by another user, `denied`, `expired`,
  /// `cancelled`.
  public synchronized void end(String id, String status) {
    approval(id).put("status", status);
  }

  /// What a run streams from now on: an event for each, without names, as JSON.
  public synchronized void streams(String... events) {
    streamed = Stream.of(events).map("data: %s\n\n"::formatted).collect(Collectors.joining());
  }

  /// What became of an approval: its row, with `reason`, `approver` and `modified_arguments`.
  public synchronized ObjectNode approval(String id) {
    return Optional.ofNullable(approvals.get(id)).orElseThrow();
  }

  public String status(String id) {
    return approval(id).path("status").asText();
  }

  /// The responses to an approval that were understood, in order: `approved` or `denied`.
  synchronized List<String> responses(String id) {
    return List.copyOf(responses.getOrDefault(id, List.of()));
  }

  /// No token that was issued is good any longer.
  synchronized void forgetTokens() {
    tokens.clear();
  }

  /// How many tokens were issued.
  synchronized int tokens() {
    return issued.size();
  }

  synchronized void tokensLive(Duration duration) {
    life = duration;
  }

  /// Its description names these calls, and it has them: `cancel`, `bulk`.
  synchronized void has(String call) {
    described.add(call);
  }

  /// Answers decisions with 200 and goes on waiting.
  synchronized void takeWithoutActing() {
    deaf = true;
  }

  /// Refuses every response to this approval and goes on waiting.
  synchronized void refuse(String id) {
    choosy.add(id);
  }

  /// Gives no more on a page than this, whatever it is asked for.
  synchronized void givePerPage(int most) {
    mostPerPage = most;
  }

  void trouble(Trouble trouble, int times) {
    server.trouble(trouble, times);
  }

  public List<Call> calls(String name) {
    return server.calls().stream().filter(call -> call.name().equals(name)).toList();
  }

  @Override
  public void close() {
    server.close();
  }

  private synchronized Answer token(Request request) {
    var form = request.fields();
    if (!form.path("grant_type").asText().equals("client_credentials")) {
      return Answer.json(400, Json.object().put("error", "unsupported_grant_type"));
    }
    if (!form.path("client_id").asText().equals(CLIENT)
        || !form.path("client_secret").asText().equals(SECRET)
        || !form.path("audience").asText().equals(AUDIENCE)) {
      return Answer.json(401, Json.object().put("error", "access_denied"));
    }
    var token = "token-" + issued.size();
    issued.add(token);
    tokens.add(token);
    var body = Json.object().put("access_token", token).put("token_type", "Bearer");
    return Answer.json(200, body.put("expires_in", life.toSeconds()));
  }

  private FakeServer.Route admitted(FakeServer.Route route) {
    return request -> {
      var refusal = refusal(request);
      return refusal.isPresent() ? refusal.get() : route.answer(request);
    };
  }

  private synchronized Optional<Answer> refusal(Request request) {
    var bearer = request.header("Authorization").orElse("");
    if (tokens.stream().noneMatch(token -> bearer.equals("Bearer " + token))) {
      return Optional.of(problem(401, "Invalid token"));
    }
    if (!request.header("snc-tenant").orElse("").equals(TENANT)) {
      return Optional.of(problem(403, "Token tenant does not match snc-tenant"));
    }
    return request.header("snc-userid").orElse("").isBlank()
        ? Optional.of(problem(403, "snc-userid must not be empty"))
        : Optional.empty();
  }

  private synchronized Answer pending(Request request) {
    var page = number(request, "page", 1);
    var size = number(request, "page_size", 20);
    if (page < 1 || size < 1 || size > LARGEST_PAGE) {
      return problem(422, "page and page_size must be positive, page_size at most 100");
    }
    var given = Math.min(size, mostPerPage);
    var body = Json.object().put("next_key", "unknown");
    var rows = body.putArray("approvals");
    approvals.values().stream()
        .filter(row -> row.path("status").asText().equalsIgnoreCase("pending"))
        .skip((long) (page - 1) * given)
        .limit(given)
        .forEach(row -> rows.add(row.deepCopy()));
    return Answer.json(200, body);
  }

  private synchronized Answer respond(Request request) {
    var body = request.fields();
    var status = status(body);
    var edited = body.path("modified_arguments");
    if (status.isEmpty() || !(edited.isMissingNode() || edited.isObject())) {
      return problem(422, "status must be approved or denied");
    }
    if (!edited.isMissingNode() && (generation == Generation.A || status.get().equals("denied"))) {
      return problem(422, "modified_arguments only applies to approved responses");
    }
    responses.computeIfAbsent(request.group(1), _ -> new ArrayList<>()).add(status.get());
    if (choosy.contains(request.group(1))) {
      return problem(422, "not for this tool");
    }
    return ended(
        request,
        row -> {
          row.put("status", deaf ? "pending" : status.get());
          row.put("approver", request.header("snc-userid").orElseThrow());
          row.set("reason", body.path("reason").deepCopy());
          if (edited.isObject()) {
            row.set("modified_arguments", edited.deepCopy());
          }
        });
  }

  private Optional<String> status(JsonNode body) {
    var words =
        generation == Generation.B
            ? Map.of("approved", "approved", "denied", "denied")
            : Map.of("approve", "approved", "deny", "denied");
    var field = generation == Generation.B ? "status" : "action";
    return Optional.ofNullable(words.get(body.path(field).asText()));
  }

  private synchronized Answer cancel(Request request) {
    return described.contains("cancel")
        ? ended(request, row -> row.put("status", "cancelled"))
        : problem(404, "Not Found");
  }

  private synchronized Answer stream() {
    var type = Map.of("Content-Type", "text/event-stream");
    return new Answer(200, type, streamed.getBytes(StandardCharsets.UTF_8));
  }

  private static Answer problem(int status, String detail) {
    return Answer.json(status, Json.object().put("detail", detail));
  }

  private Answer ended(Request request, Consumer<ObjectNode> change) {
    var row = approvals.get(request.group(1));
    if (row == null) {
      return problem(404, "Approval not found");
    }
    if (!row.path("status").asText().equals("pending")) {
      return problem(409, "Approval is already " + row.path("status").asText());
    }
    change.accept(row);
    return Answer.json(200, row.deepCopy());
  }

  private synchronized JsonNode description(String base) {
    var description = Json.object().put("openapi", "3.1.0");
    var paths = description.putObject("paths");
    paths.putObject(base + "/pending").putObject("get");
    paths.putObject(base + "/{approval_id}/respond").putObject("post");
    if (described.contains("cancel")) {
      paths.putObject(base + "/{approval_id}/cancel").putObject("post");
    }
    if (described.contains("bulk")) {
      paths.putObject(base + "/bulk").putObject("post");
    }
    return description;
  }

  private static int number(Request request, String name, int otherwise) {
    return Integer.parseInt(
        request.query().getOrDefault(name, List.of(String.valueOf(otherwise))).getFirst());
  }

  /// The instance as a process of its own: prints the settings of an agent as one line of JSON,
  /// then answers each line of JSON on its standard input with one, and ends with the input.
  ///
  /// ```
  /// {"ask": {"tool": "send_contract", "arguments": {"to": "a@example.test"}}}
  /// {"end": "appr_000001", "status": "expired"}
  /// {"approval": "appr_000001"}
  /// {"responses": "appr_000001"}
  /// {"streams": "{\"type\": \"approval_required\", …}"}
  /// ```
  ///
  /// @param arguments the generation, `a` or `b`
  static void main(String[] arguments) throws IOException {
    var generation = arguments.length > 0 && arguments[0].equals("a") ? Generation.A : Generation.B;
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (var flow = new FakeAgentFlow(generation)) {
      var settings = Json.object();
      flow.settings().forEach((key, value) -> settings.put(key, value.toString()));
      System.out.println(Json.text(settings));
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println(Json.text(flow.obey(Json.parse(line))));
      }
    }
  }

  private JsonNode obey(JsonNode command) throws IOException {
    if (command.has("ask")) {
      var call = command.path("ask");
      var id = ask(call.path("tool").asText(), Json.text(call.path("arguments")));
      return Json.object().put("id", id);
    }
    if (command.has("end")) {
      end(command.path("end").asText(), command.path("status").asText());
      return approval(command.path("end").asText());
    }
    if (command.has("streams")) {
      streams(command.path("streams").asText());
      return Json.object().put("run", server.address() + "/runs");
    }
    if (command.has("responses")) {
      var responses = Json.array();
      responses(command.path("responses").asText()).forEach(responses::add);
      return responses;
    }
    return approval(command.path("approval").asText());
  }
}
