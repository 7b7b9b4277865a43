package io.approvalhub.agent.hivegate;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import io.approvalhub.testkit.FakePlatform.Call;
import io.approvalhub.testkit.FakePlatform.Trouble;
import io.approvalhub.testkit.FakeServer;
import io.approvalhub.testkit.FakeServer.Answer;
import io.approvalhub.testkit.FakeServer.Request;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/// HiveGate's `/v2/approvals`, as its source has it: first decision wins, the row is gone then, the
/// second gets 404, no history, no expiry.
public final class FakeHiveGate implements AutoCloseable {

  public static final String KEY = "agw_0123456789";
  private static final String ID = "/v2/approvals/([^/]+)";

  private final FakeServer server = new FakeServer();
  private final Map<String, JsonNode> waiting = new LinkedHashMap<>();
  private final Map<String, JsonNode> decisions = new LinkedHashMap<>();
  private final List<Decided> decided = new CopyOnWriteArrayList<>();
  private final Queue<Answer> refusals = new ConcurrentLinkedQueue<>();
  private final Set<String> poison = new LinkedHashSet<>();
  private boolean deaf;
  private Optional<String> raw = Optional.empty();

  public FakeHiveGate() {
    server
        .aside("GET", "/v2/approvals", request -> keyed(request, this::list))
        .on("GET", ID, "get", request -> keyed(request, () -> get(request.group(1))))
        .on("POST", ID + "/decide", "decide", request -> keyed(request, () -> decide(request)));
  }

  /// As a process of its own: prints its address as one line of JSON, then answers each line of
  /// JSON on its standard input with one, and ends with the input.
  ///
  /// ```
  /// {"pause": "job-1", "tool": "send_email", "arguments": {"to": "jane@acme.test"}}
  /// {"decided": "job-1"}
  /// ```
  static void main() throws IOException {
    try (var fake = new FakeHiveGate();
        var lines = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      System.out.println(Json.text(Json.object().put("url", fake.address().toString())));
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println(Json.text(fake.obey(Json.parse(line))));
      }
    }
  }

  public URI address() {
    return server.address();
  }

  /// A run pauses before this tool call.
  public synchronized String pause(String jobId, String tool, String arguments) {
    var row = Json.object();
    row.put("job_id", jobId).put("worker_name", "").put("tool_name", tool);
    row.set("tool_args", parse(arguments));
    row.put("risk_level", "medium")
        .put("reason", "Tool requires human confirmation before execution")
        .put("timestamp", "2026-07-05T10:30:00.123456");
    waiting.put(jobId, row);
    return jobId;
  }

  /// The row is gone, as after a restart or a decision elsewhere.
  public synchronized void forget(String jobId) {
    waiting.remove(jobId);
  }

  /// Lists this text from now on, whatever waits.
  synchronized void lists(String text) {
    raw = Optional.of(text);
  }

  /// Answers the next decide call with this, and does nothing.
  void refuses(int status, String type, String body) {
    refusals.add(new Answer(status, Map.of("Content-Type", type), body.getBytes(UTF_8)));
  }

  /// Lists this, too, which need be no JSON, until it is cured.
  public synchronized void poison(String row) {
    poison.add(row);
  }

  /// Lists it no longer.
  public synchronized void cure(String row) {
    poison.remove(row);
  }

  /// Takes decisions from now on without acting on them.
  public synchronized void deaf() {
    deaf = true;
  }

  public synchronized JsonNode decision(String jobId) {
    return decisions.getOrDefault(jobId, Json.object());
  }

  public List<Call> calls() {
    return server.calls();
  }

  /// The decide calls about this job that were understood, in order.
  public List<Decided> decided(String jobId) {
    return decided.stream().filter(call -> call.jobId().equals(jobId)).toList();
  }

  /// The decide calls that arrived, whatever they were answered.
  public List<Call> decideCalls() {
    return calls().stream().filter(call -> call.name().equals("decide")).toList();
  }

  public void trouble(Trouble trouble, int times) {
    server.trouble(trouble, times);
  }

  @Override
  public void close() {
    server.close();
  }

  private JsonNode obey(JsonNode command) {
    var jobId = command.path("pause").asText("");
    if (!jobId.isEmpty()) {
      pause(jobId, command.path("tool").asText(), Json.text(command.path("arguments")));
      return Json.object();
    }
    var calls = Json.array();
    decided(command.path("decided").asText()).forEach(call -> calls.add(call.approved()));
    return calls;
  }

  private Answer keyed(Request request, Reply reply) throws IOException {
    if (!request.header("X-API-Key").orElse("").equals(KEY)) {
      return problem(401, "Invalid or expired API key").with("WWW-Authenticate", "ApiKey");
    }
    return reply.answer();
  }

  private synchronized Answer list() {
    if (raw.isPresent()) {
      return listed(raw.get());
    }
    var rows = new ArrayList<>(poison);
    waiting.values().stream().map(Json::text).forEach(rows::add);
    return listed("[" + String.join(",", rows) + "]");
  }

  private static Answer listed(String body) {
    return new Answer(200, Map.of("Content-Type", "application/json"), body.getBytes(UTF_8));
  }

  private synchronized Answer get(String jobId) {
    var row = waiting.get(jobId);
    return row == null ? missing(jobId) : Answer.json(200, row);
  }

  private synchronized Answer decide(Request request) throws IOException {
    var refusal = refusals.poll();
    if (refusal != null) {
      return refusal;
    }
    var jobId = request.group(1);
    var body = Json.parse(request.body());
    if (!body.path("approved").isBoolean()) {
      return problem(422, "Field required");
    }
    decided.add(
        new Decided(jobId, body.path("approved").booleanValue(), waiting.containsKey(jobId)));
    if (!waiting.containsKey(jobId)) {
      return missing(jobId);
    }
    decisions.put(jobId, body);
    if (!deaf) {
      waiting.remove(jobId);
    }
    var status = body.path("approved").booleanValue() ? "approved" : "denied";
    return Answer.json(
        200,
        Json.object()
            .put("job_id", jobId)
            .put("status", status)
            .put("message", "Tool call " + status));
  }

  private static Answer missing(String jobId) {
    return problem(404, "No pending approval for job " + jobId);
  }

  private static Answer problem(int status, String detail) {
    return Answer.json(status, Json.object().put("detail", detail));
  }

  private static JsonNode parse(String json) {
    try {
      return Json.parse(json);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /// A decide call.
  ///
  /// @param waited whether the job waited for it
  public record Decided(String jobId, boolean approved, boolean waited) {}

  private interface Reply {
    Answer answer() throws IOException;
  }
}
