package io.approvalhub.agent.hivegate;

import static io.approvalhub.agent.relay.StreamingServer.answer;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.approvalhub.agent.relay.SentEvents;
import io.approvalhub.agent.relay.StreamingServer;
import io.approvalhub.kit.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/// HiveGate's runs of agents and teams, their commits and its list, with their refusals. The
/// `message` that starts a run says what it waits for:
///
/// - `one`: one tool call
/// - `two`: two; of the two others in its event, one needs no confirmation and one was run
/// - `same`: two different calls under one id
/// - `input`: what only the client's user can enter
/// - `members`: of a team: one call of each of two members, and one of its own
/// - `member`: of a team: one call of a member; the stream ends before the team pauses
/// - `chain`: one, and another one after the commit
/// - `slow`: one; the answer to the commit has two halves, and the second waits for [#goOn]
/// - `late`: one; the answer to the commit waits for [#goOn]
/// - `lost`: one; the commit is taken, and the connection broken instead of answered
/// - anything else: nothing
public final class FakeHiveGateRuns implements AutoCloseable {

  public static final String KEY = "agw_0123456789";

  private static final Pattern RUNS = Pattern.compile("/v2/(agents|teams)/([^/]+)/(chat|runs)");
  private static final Pattern COMMITS =
      Pattern.compile("/v2/(agents|teams)/([^/]+)/(chat|runs)/commit");
  private static final Pattern DECISIONS = Pattern.compile("/v2/approvals/([^/]+)/decide");
  private static final String GONE =
      "Confirmation time window has elapsed. The run is no longer available for resumption.";

  private final StreamingServer server = new StreamingServer(this::handle);
  private final Map<String, Paused> paused = new ConcurrentHashMap<>();
  private final Map<String, ObjectNode> rows = new LinkedHashMap<>();
  private final List<SentEvents> streams = new CopyOnWriteArrayList<>();
  private final List<JsonNode> commits = new CopyOnWriteArrayList<>();
  private final List<String> executed = new CopyOnWriteArrayList<>();
  private final List<String> decided = new CopyOnWriteArrayList<>();
  private final CountDownLatch second = new CountDownLatch(1);
  private final Semaphore polled = new Semaphore(0);
  private volatile String status = "PAUSED";
  private volatile boolean registers;
  private volatile boolean listsFirst;

  /// Runs until the end of the input. A line asks for what has come so far: `commits`, `executed`,
  /// `rows` or `decided`.
  static void main() throws IOException {
    try (var fake = new FakeHiveGateRuns();
        var lines = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      System.out.println(Json.text(Json.object().put("url", fake.address().toString())));
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println(Json.text(fake.told(line.strip())));
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

  /// The commits that came, whatever they were answered.
  public List<JsonNode> commits() {
    return List.copyOf(commits);
  }

  /// The tool calls that ran, with their arguments.
  List<String> executed() {
    return List.copyOf(executed);
  }

  /// The rows that were decided on, there or not.
  List<String> decided() {
    return List.copyOf(decided);
  }

  synchronized List<String> rows() {
    return List.copyOf(rows.keySet());
  }

  /// Says `paused` in answers, as its documentation does.
  void saysPaused() {
    status = "paused";
  }

  /// Lists what runs wait for, as its documentation says.
  void registers() {
    registers = true;
  }

  /// Lists what runs wait for, and says so in their streams only after it was polled twice more.
  void listsFirst() {
    registers = true;
    listsFirst = true;
  }

  /// Loses its runs, as a restart does.
  void forget() {
    paused.clear();
  }

  void goOn() {
    second.countDown();
  }

  @Override
  public void close() {
    second.countDown();
    server.close();
  }

  private JsonNode told(String what) {
    var told = Json.array();
    switch (what) {
      case "commits" -> commits.forEach(told::add);
      case "executed" -> executed.forEach(told::add);
      case "decided" -> decided.forEach(told::add);
      default -> rows().forEach(told::add);
    }
    return told;
  }

  private void handle(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getRawPath();
    var commit = COMMITS.matcher(path);
    var run = RUNS.matcher(path);
    var decision = DECISIONS.matcher(path);
    if (!KEY.equals(exchange.getRequestHeaders().getFirst("X-API-Key"))) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "ApiKey");
      problem(exchange, 401, "Invalid or expired API key");
    } else if (commit.matches()) {
      commit(exchange, commit.group(1).equals("teams"));
    } else if (run.matches()) {
      start(exchange, run.group(1).equals("teams"), run.group(2));
    } else if (decision.matches()) {
      decide(exchange, URLDecoder.decode(decision.group(1), UTF_8));
    } else if (path.equals("/v2/approvals")) {
      answer(exchange, 200, list());
      polled.release();
    } else {
      problem(exchange, 404, "Not Found");
    }
  }

  private void start(HttpExchange exchange, boolean team, String name) throws IOException {
    var body = body(exchange);
    if (!body.has("message") || (!team && !(body.has("user_id") && body.has("session_id")))) {
      problem(exchange, 422, "Field required");
      return;
    }
    var run = new Paused(UUID.randomUUID().toString(), team, name, body);
    var tools = waiting(body.path("message").asText());
    if (!tools.isEmpty()) {
      pause(run, tools);
    }
    if (body.path("stream").asBoolean(true)) {
      stream(exchange, run, tools);
    } else {
      answer(exchange, 200, whole(run, tools));
    }
  }

  private void pause(Paused run, ArrayNode tools) {
    run.tools = tools;
    paused.put(run.id, run);
    if (registers) {
      tools.forEach(tool -> register(run.id, tool));
    }
  }

  private synchronized void register(String run, JsonNode tool) {
    if (tool.path("requires_confirmation").asBoolean() && tool.path("result").isNull()) {
      var id = run + ":" + tool.path("tool_call_id").asText();
      var row = Json.object().put("job_id", id).put("worker_name", "");
      row.set("tool_name", tool.path("tool_name"));
      row.set("tool_args", tool.path("tool_args"));
      row.put("risk_level", "medium")
          .put("reason", "Tool requires human confirmation before execution")
          .put("timestamp", "2026-07-05T10:30:00.123456");
      rows.put(id, row);
    }
  }

  private static ArrayNode waiting(String message) {
    var tools = Json.array();
    switch (message) {
      case "one", "chain", "slow", "late", "lost", "member" ->
          tools.add(tool("call_1", "send_email", "{\"to\":\"jane@acme.test\"}"));
      case "two" -> {
        tools.add(tool("call_0", "search", "{}").put("requires_confirmation", false));
        tools.add(tool("call_1", "send_email", "{\"to\":\"jane@acme.test\"}"));
        tools.add(tool("call_2", "open_ticket", "{\"title\":\"Reset\"}"));
        tools.add(tool("call_3", "log", "{}").put("confirmed", true).put("result", "logged"));
      }
      case "same" -> {
        tools.add(tool("unknown", "send_email", "{}"));
        tools.add(tool("unknown", "drop_table", "{}"));
      }
      case "input" -> {
        var input = tool("call_1", "ask_user", "{}").put("requires_confirmation", false);
        tools.add(input.put("requires_user_input", true));
      }
      case "members" -> {
        tools.add(tool("call_1", "send_email", "{\"to\":\"jane@acme.test\"}"));
        tools.add(tool("call_2", "open_ticket", "{\"title\":\"Reset\"}"));
        tools.add(tool("call_4", "close_case", "{}"));
      }
      default -> {}
    }
    return tools;
  }

  /// With every field of a tool execution.
  private static ObjectNode tool(String id, String name, String arguments) {
    var tool = Json.object().put("tool_call_id", id).put("tool_name", name);
    tool.set("tool_args", parsed(arguments));
    List.of("tool_call_error", "result", "metrics", "child_run_id").forEach(tool::putNull);
    tool.put("stop_after_tool_call", false).put("created_at", 1783247400);
    tool.put("requires_confirmation", true).putNull("confirmed").putNull("confirmation_note");
    List.of("requires_user_input", "user_input_schema", "answered", "approval_id")
        .forEach(tool::putNull);
    return tool;
  }

  private void stream(HttpExchange exchange, Paused run, ArrayNode tools) throws IOException {
    var out = stream(exchange);
    var message = run.request.path("message").asText();
    send(out, run, "RunContent", event -> event.put("content", "I am paused? Not yet."));
    if (listsFirst) {
      awaitPolls();
    }
    if (message.startsWith("member")) {
      var first = Json.array().add(tools.get(0));
      member(out, run, "Mailer", first);
      if (message.equals("member")) {
        return;
      }
      member(out, run, "Clerk", Json.array().add(tools.get(1)));
    }
    if (tools.isEmpty()) {
      send(out, run, "RunCompleted", event -> event.put("content", "Nothing to do."));
    } else {
      send(out, run, "RunPaused", event -> event.set("tools", tools));
    }
  }

  private static void member(SentEvents out, Paused run, String name, ArrayNode tools)
      throws IOException {
    var event = Json.object().put("created_at", 1783247400).put("event", "RunPaused");
    event.put("agent_id", name.toLowerCase(Locale.ROOT)).put("agent_name", name);
    event.put("run_id", UUID.randomUUID().toString()).put("parent_run_id", run.id);
    event.set("session_id", run.request.path("session_id"));
    event.set("tools", tools);
    event.putArray("requirements").addObject().set("tool_execution", tools.get(0));
    out.event("message", Json.text(event));
  }

  private static void send(SentEvents out, Paused run, String name, Filling filling)
      throws IOException {
    var kind = run.team ? "team" : "agent";
    var event = Json.object().put("created_at", 1783247400);
    event.put("event", (run.team ? "Team" : "") + name).put(kind + "_id", run.name);
    event.put(kind + "_name", "Customer Support").put("run_id", run.id);
    event.set("session_id", run.request.path("session_id"));
    filling.fill(event);
    out.event("message", Json.text(event));
  }

  private JsonNode whole(Paused run, ArrayNode tools) {
    var waits = !tools.isEmpty();
    var answer = Json.object().put("content", waits ? null : "Nothing to do.");
    answer.put("agent_id", run.name).put("run_id", run.id);
    answer.set("session_id", run.request.path("session_id"));
    answer.put("status", waits ? status : "completed");
    var shown = answer.putArray("tools");
    tools.forEach(tool -> shown.add(fiveOf(tool)));
    return answer;
  }

  private static ObjectNode fiveOf(JsonNode tool) {
    var five = Json.object();
    List.of("tool_call_id", "tool_name", "requires_confirmation", "tool_args", "result")
        .forEach(key -> five.set(key, tool.path(key)));
    return five;
  }

  private void commit(HttpExchange exchange, boolean team) throws IOException {
    var body = body(exchange);
    commits.add(body);
    var tools = body.path("updated_tools");
    if (!body.has("run_id")
        || !tools.isArray()
        || (!team && !(body.has("user_id") && body.has("session_id")))) {
      problem(exchange, 422, "Field required");
      return;
    }
    var run = paused.remove(body.path("run_id").asText());
    if (elements(tools).stream().noneMatch(tool -> tool.path("confirmed").asBoolean())) {
      answer(exchange, 200, ended("Tool execution cancelled by user.", "cancelled", body));
    } else if (run == null || run.team != team || !run.isOf(body)) {
      problem(exchange, 410, GONE);
    } else {
      goOn(exchange, run, body);
    }
  }

  private void goOn(HttpExchange exchange, Paused run, JsonNode body) throws IOException {
    var message = run.request.path("message").asText();
    elements(body.path("updated_tools")).forEach(verdict -> apply(run, verdict));
    if (message.equals("lost")) {
      return;
    }
    if (message.equals("late")) {
      await();
    }
    if (run.team || !body.path("stream").asBoolean()) {
      answer(exchange, 200, ended("Meeting scheduled successfully", "completed", body));
      return;
    }
    var out = stream(exchange);
    send(out, run, "RunContinued", _ -> {});
    if (message.equals("chain") && run.tools.size() == 1) {
      run.tools.add(tool("call_5", "delete_mail", "{\"all\":true}"));
      pause(run, run.tools);
      send(out, run, "RunPaused", event -> event.set("tools", run.tools));
      return;
    }
    if (message.equals("slow")) {
      await();
    }
    send(out, run, "RunCompleted", event -> event.put("content", "Done as decided."));
  }

  private void apply(Paused run, JsonNode verdict) {
    for (var each : run.tools) {
      var tool = (ObjectNode) each;
      if (tool.path("tool_call_id").equals(verdict.path("tool_call_id"))) {
        var confirmed = verdict.path("confirmed").asBoolean();
        tool.put("confirmed", confirmed);
        if (verdict.has("tool_args")) {
          tool.set("tool_args", verdict.path("tool_args"));
        }
        if (confirmed) {
          executed.add(tool.path("tool_name").asText() + " " + Json.text(tool.path("tool_args")));
          tool.put("result", "ok");
        }
      }
    }
  }

  private static JsonNode ended(String content, String status, JsonNode commit) {
    var answer = Json.object().put("content", content).put("agent_id", "customer-support");
    answer.set("session_id", commit.path("session_id"));
    answer.set("model", commit.path("model"));
    return answer.putNull("token_usage").put("status", status).putNull("run_id").putNull("tools");
  }

  private synchronized JsonNode list() {
    var list = Json.array();
    rows.values().forEach(list::add);
    return list;
  }

  private void decide(HttpExchange exchange, String jobId) throws IOException {
    var approved = body(exchange).path("approved");
    if (!approved.isBoolean()) {
      problem(exchange, 422, "Field required");
      return;
    }
    decided.add(jobId);
    if (removed(jobId)) {
      var word = approved.asBoolean() ? "approved" : "denied";
      var answer = Json.object().put("job_id", jobId).put("status", word);
      answer(exchange, 200, answer.put("message", "Tool call " + word));
    } else {
      problem(exchange, 404, "No pending approval for job " + jobId);
    }
  }

  private synchronized boolean removed(String jobId) {
    return rows.remove(jobId) != null;
  }

  private void await() throws IOException {
    try {
      second.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private void awaitPolls() throws IOException {
    for (var polls = 0; polls < 2; polls++) {
      polled.drainPermits();
      try {
        polled.tryAcquire(30, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  private SentEvents stream(HttpExchange exchange) throws IOException {
    var out = new SentEvents(exchange, 1 << 16, "\n");
    streams.add(out);
    return out;
  }

  private static List<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private static JsonNode body(HttpExchange exchange) throws IOException {
    return Json.parse(exchange.getRequestBody().readAllBytes());
  }

  private static JsonNode parsed(String json) {
    try {
      return Json.parse(json);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static void problem(HttpExchange exchange, int status, String detail) throws IOException {
    answer(exchange, status, Json.object().put("detail", detail));
  }

  /// A run, which its commit must name with the same user, session and model.
  private static final class Paused {

    private final String id;
    private final boolean team;
    private final String name;
    private final JsonNode request;
    private ArrayNode tools = Json.array();

    private Paused(String id, boolean team, String name, JsonNode request) {
      this.id = id;
      this.team = team;
      this.name = name;
      this.request = request;
    }

    private boolean isOf(JsonNode commit) {
      return List.of("user_id", "session_id", "model").stream()
          .allMatch(field -> request.path(field).equals(commit.path(field)));
    }
  }

  private interface Filling {
    void fill(ObjectNode event);
  }
}
