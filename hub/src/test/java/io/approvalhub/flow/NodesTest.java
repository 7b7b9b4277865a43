package io.approvalhub.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.agent.hivegate.FakeHiveGate;
import io.approvalhub.agent.hivegate.FakeHiveGateRuns;
import io.approvalhub.agent.mixpeek.FakeMixpeek;
import io.approvalhub.database.Postgres;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Person;
import io.approvalhub.testkit.FakePlatform.Shown;
import io.approvalhub.testkit.FakeTelegram;
import io.approvalhub.testkit.FakeWebhookReceiver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two hubs, each a process of its own, on one PostgreSQL.
final class NodesTest {

  private static final Person ALICE = new Person("42", "Alice");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// What a lease may take to move.
  private static final Duration TAKEOVER = Duration.ofSeconds(5);

  /// Less than the pause after which a node looks at the store without being told.
  private static final Duration TOLD = Duration.ofSeconds(3);

  @TempDir private Path folder;
  private final FakeHiveGate hivegate = new FakeHiveGate();
  private final FakeHiveGateRuns runs = new FakeHiveGateRuns();
  private final FakeMixpeek mixpeek = new FakeMixpeek();
  private final FakeTelegram telegram = FakeTelegram.polled();
  private final FakeWebhookReceiver hook = new FakeWebhookReceiver();
  private final HttpClient client = HttpClient.newHttpClient();
  private Postgres postgres;
  private String database;
  private List<HubProcess> nodes;

  @BeforeEach
  void start() {
    postgres = new Postgres(folder);
    database = postgres.create("nodes");
    var configuration = configuration();
    nodes = Stream.of("a", "b").map(name -> start(name, configuration)).toList();
    hook.callBack(node(1).address().resolve("/channels/hook"));
  }

  @AfterEach
  void stop() {
    nodes.forEach(HubProcess::close);
    postgres.close();
    client.shutdownNow();
    hook.close();
    telegram.close();
    mixpeek.close();
    hivegate.close();
    runs.close();
  }

  @Test
  void whoWaitsAtOneNodeIsAnsweredWhenAnotherTakesTheDecision() {
    var id = raise(0, "rm");
    var answer = CompletableFuture.supplyAsync(() -> get(0, id + "?wait=30s"));
    decide(1, id, "approve");

    await().atMost(TOLD).until(answer::isDone);
    assertThat(answer.join().path("status").asText()).isEqualTo("approved");
  }

  @Test
  void whatOneNodeRaisedEachChannelShowsOnceAndOneDecisionCounts() {
    var ids =
        IntStream.range(0, 20).mapToObj(number -> raise(number % 2, "tool" + number)).toList();
    await().atMost(PATIENCE).until(() -> hook.shown().size() == ids.size());

    var verdicts =
        ids.stream()
            .flatMap(
                id ->
                    IntStream.of(0, 1)
                        .mapToObj(
                            node ->
                                CompletableFuture.supplyAsync(
                                    () -> decide(node, id, node == 0 ? "approve" : "deny"))))
            .toList();

    assertThat(verdicts.stream().map(CompletableFuture::join).filter(status -> status == 200))
        .hasSize(ids.size());
    await().atMost(PATIENCE).until(() -> hook.shown().stream().noneMatch(NodesTest::isOpen));
    assertThat(hook.shown()).hasSize(ids.size());
  }

  @Test
  void theAgentIsPolledAndTelegramListenedToByTheOtherNodeWhenOneIsKilled() {
    pauseAgent("job-1");
    click(message("job-1"), Action.APPROVE);
    await().atMost(PATIENCE).until(() -> hivegate.decideCalls().size() == 1);

    holder("agent:coder:poll").kill();
    pauseAgent("job-2");
    var message = await().atMost(TAKEOVER).until(() -> find("job-2"), Optional::isPresent);
    click(message.orElseThrow(), Action.DENY);

    await().atMost(PATIENCE).until(() -> hivegate.decideCalls().size() == 2);
    assertThat(hivegate.decision("job-2").path("approved").asBoolean(true)).isFalse();
  }

  @Test
  void aNodeThatWasPausedDoesNoHarmWhenItGoesOn() {
    pauseAgent("job-1");
    var message = message("job-1");
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                saved("SELECT message FROM deliveries WHERE target = ?", "channel:phone")
                    .isPresent());
    var holder = holder("agent:coder:poll");
    holder.pause();
    click(message, Action.APPROVE);
    await().atMost(PATIENCE).until(() -> hivegate.decideCalls().size() == 1);
    pauseAgent("job-2");
    message("job-2");

    holder.resume();
    pauseAgent("job-3");
    click(message("job-3"), Action.DENY);
    click(message("job-2"), Action.APPROVE);

    await().atMost(PATIENCE).until(() -> hivegate.decideCalls().size() == 3);
    await().atMost(PATIENCE).until(() -> telegram.shown().stream().noneMatch(NodesTest::isOpen));
    assertThat(telegram.shown()).hasSize(3);
  }

  @Test
  void noClickIsLostWhileTheNodesAreRestartedOneAfterTheOther() {
    var jobs = List.of("job-1", "job-2");
    jobs.forEach(this::pauseAgent);
    jobs.forEach(this::message);

    for (var node : nodes) {
      var message = message(jobs.get(nodes.indexOf(node)));
      var end = CompletableFuture.supplyAsync(node::end);
      click(message, Action.APPROVE);
      assertThat(end.join()).isZero();
      node.restart();
    }

    await().atMost(PATIENCE).until(() -> hivegate.decideCalls().size() == jobs.size());
    await().atMost(PATIENCE).until(() -> telegram.shown().stream().noneMatch(NodesTest::isOpen));
    assertThat(telegram.shown()).hasSize(jobs.size());
  }

  @Test
  void theDatabaseMayBeRestarted() {
    var before = raise(0, "before");
    await().atMost(PATIENCE).until(() -> hook.shown().size() == 1);

    postgres.end();
    assertThat(decide(0, before, "approve")).isEqualTo(503);
    postgres.restart();

    await().atMost(PATIENCE).until(() -> decide(0, before, "approve") == 200);
    var after = await().atMost(PATIENCE).until(() -> raise(1, "after"), id -> !id.isEmpty());
    await().atMost(PATIENCE).until(() -> hook.shown().size() == 2);
    assertThat(decide(0, after, "deny")).isEqualTo(200);
    await().atMost(PATIENCE).until(() -> hook.shown().stream().noneMatch(NodesTest::isOpen));
  }

  @Test
  void aDecisionAtAnyNodeGoesOnWhereTheClientIs() {
    for (var client = 0; client < 2; client++) {
      var answer = converse(client);
      var id =
          await()
              .atMost(PATIENCE)
              .until(() -> get(0, ""), list -> list.size() == 1)
              .get(0)
              .path("job_id");
      decide(1 - client, id.asText(), "approve");

      assertThat(answer.join()).contains("tool_result", "as requested", "done");
      await()
          .atMost(PATIENCE)
          .until(() -> get(0, id.asText()).path("delivered").asText().equals("delivered"));
    }
  }

  @Test
  void aRunDecidedAtTwoNodesAtOnceIsCommittedOnceWhereTheClientIs() {
    for (var round = 1; round <= 4; round++) {
      var answer = run(round % 2);
      var both = await().atMost(PATIENCE).until(() -> get(0, ""), list -> list.size() == 2);
      var ids = List.of(id(both, 0), id(both, 1));
      var verdicts =
          IntStream.of(0, 1)
              .mapToObj(
                  node ->
                      CompletableFuture.supplyAsync(() -> decide(node, ids.get(node), "approve")))
              .toList();

      assertThat(verdicts).allMatch(verdict -> verdict.join() == 200);
      assertThat(answer.join()).contains("Done as decided.");
      ids.forEach(id -> await().atMost(PATIENCE).until(() -> isDelivered(id)));
      assertThat(runs.commits()).hasSize(round);
      assertThat(runs.commits().getLast().path("updated_tools")).hasSize(2);
    }
  }

  private static String id(JsonNode list, int index) {
    return list.get(index).path("job_id").asText();
  }

  private boolean isDelivered(String id) {
    return get(0, id).path("delivered").asText().equals("delivered");
  }

  private CompletableFuture<String> run(int node) {
    var body =
        "{\"message\": \"two\", \"model\": \"m\", \"user_id\": \"u\", \"session_id\": \"s\"}";
    return stream(node, "runs", "/agents/runs/v2/agents/support/chat", body);
  }

  private static boolean isOpen(Shown copy) {
    return !copy.buttons().isEmpty();
  }

  private CompletableFuture<String> converse(int node) {
    var path = "/agents/data/v1/agents/sessions/ses_" + node + "/messages";
    return stream(node, "app", path, "{\"content\": \"delete\"}");
  }

  private CompletableFuture<String> stream(int node, String key, String path, String body) {
    var request =
        HttpRequest.newBuilder(node(node).address().resolve(path))
            .headers("X-API-Key", key, "Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    return client.sendAsync(request, BodyHandlers.ofString()).thenApply(HttpResponse::body);
  }

  /// The node that holds a lease.
  private HubProcess holder(String lease) {
    var name = await().atMost(PATIENCE).until(() -> holderName(lease), Optional::isPresent);
    return nodes.stream()
        .filter(node -> node.log().contains("node=" + name.orElseThrow()))
        .findFirst()
        .orElseThrow();
  }

  private Optional<String> holderName(String lease) throws SQLException {
    return saved("SELECT holder FROM leases WHERE name = ?", lease);
  }

  private Optional<String> saved(String sql, String value) throws SQLException {
    try (var connection = DriverManager.getConnection(database);
        var query = connection.prepareStatement(sql)) {
      query.setString(1, value);
      var result = query.executeQuery();
      return result.next() ? Optional.ofNullable(result.getString(1)) : Optional.empty();
    }
  }

  private void pauseAgent(String job) {
    hivegate.pause(job, job, "{}");
  }

  private Shown message(String job) {
    return await().atMost(PATIENCE).until(() -> find(job), Optional::isPresent).orElseThrow();
  }

  private Optional<Shown> find(String job) {
    return telegram.shown().stream().filter(copy -> copy.text().contains(job)).findFirst();
  }

  private void click(Shown message, Action action) {
    Thread.startVirtualThread(() -> telegram.click(message, action, ALICE, Optional.empty()));
  }

  private HubProcess node(int number) {
    return nodes.get(number);
  }

  private String raise(int node, String tool) {
    var body = Json.object().put("tool_name", tool).put("idempotency_key", tool);
    body.putObject("tool_args");
    return call(node, "ci", "/v2/approvals", Optional.of(Json.text(body)))
        .map(NodesTest::json)
        .orElseThrow()
        .required("job_id")
        .asText();
  }

  private JsonNode get(int node, String id) {
    return call(node, "alice", "/v2/approvals/" + id, Optional.empty())
        .map(NodesTest::json)
        .orElseThrow();
  }

  /// @return the status of the answer
  private int decide(int node, String id, String verdict) {
    return call(node, "alice", "/v2/approvals/" + id + "/" + verdict, Optional.of(""))
        .map(HttpResponse::statusCode)
        .orElse(0);
  }

  private Optional<HttpResponse<String>> call(
      int node, String key, String path, Optional<String> body) {
    var request =
        HttpRequest.newBuilder(node(node).address().resolve(path)).header("X-API-Key", key);
    body.ifPresent(text -> request.POST(BodyPublishers.ofString(text)));
    try {
      return Optional.of(client.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException _) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode json(HttpResponse<String> answer) {
    try {
      return Json.parse(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HubProcess start(String name, String configuration) {
    try {
      return new HubProcess(Files.createDirectory(folder.resolve(name)), configuration);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String configuration() {
    return """
    hub:
      data: ./data
      database: {url: "%s"}
      keys:
        ci: {key: ci, role: agent, agent: local}
        app: {key: app, role: agent, agent: data}
        runs: {key: runs, role: agent, agent: runs}
        alice: {key: alice, role: operator, person: alice}
    people:
      alice: {telegram: "%s", webhook: alice}
    agents:
      local: {type: push}
      coder: {type: hivegate, url: "%s", api-key: "%s", poll-interval: 50ms}
      runs: {type: hivegate, url: "%s", api-key: "%s", poll-interval: 50ms}
      data: {type: mixpeek, url: "%s", api-key: "sk_test", namespace: ns_1}
    channels:
      phone:
        plugin: telegram
        agents: [coder]
        approvers: [alice]
        settings: {api: "%s", token: "%s", chat: "%s"}
      hook:
        plugin: webhook
        agents: [local, data]
        approvers: [alice]
        settings: {url: "%s", secret: "%s", allow-private: true}
    """
        .formatted(
            database,
            ALICE.id(),
            hivegate.address(),
            FakeHiveGate.KEY,
            runs.address(),
            FakeHiveGateRuns.KEY,
            mixpeek.address(),
            telegram.settings().get("api"),
            telegram.settings().get("token"),
            telegram.settings().get("chat"),
            hook.settings().get("url"),
            hook.settings().get("secret"));
  }
}
