package io.approvalhub.approval;

import static java.time.temporal.ChronoUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.TestClock;
import io.approvalhub.TestHub;
import io.approvalhub.database.Database;
import io.approvalhub.database.StoreException;
import io.approvalhub.kit.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the API does on every database.
abstract class ApprovalApiContract {

  private static final String CONFIGURATION =
      "hub:\n"
          + TestHub.KEYS
          + """
          people:
            alice: {webhook: alice}
            bob: {webhook: bob}
          agents:
            local: {type: push, expires-in: 1h}
            second: {type: push}
          """;

  @TempDir private Path folder;
  private TestHub hub;

  /// The settings of the database, which is empty.
  abstract Map<String, Object> database();

  @BeforeEach
  void start() {
    hub = TestHub.start(folder, CONFIGURATION, true, database());
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void anApprovalHasTheSevenFieldsOfTheHiveGateContractThenOurs() {
    var id = hub.raise("rm", "{\"path\": \"/src\"}");

    var approval = hub.get("alice", "/v2/approvals").json().get(0);

    assertThat(approval.properties().stream().map(field -> field.getKey()))
        .containsExactly(
            "job_id",
            "worker_name",
            "tool_name",
            "tool_args",
            "risk_level",
            "reason",
            "timestamp",
            "agent",
            "status",
            "version",
            "session_id",
            "tool_annotations",
            "expires_at",
            "decided_at",
            "decided_by",
            "decision_reason",
            "modified_args",
            "delivered",
            "trouble",
            "remember");
    assertThat(approval.path("job_id").asText()).isEqualTo(id).matches("[0-9a-z]{26}");
    assertThat(approval.path("worker_name").asText("missing")).isEmpty();
    assertThat(Instant.parse(approval.path("timestamp").asText()))
        .isEqualTo(hub.bean(TestClock.class).instant());
    assertThat(approval.path("status").asText()).isEqualTo("pending");
    assertThat(approval.path("delivered").asText()).isEqualTo("waiting");
  }

  @Test
  void theAgentGetsItsArgumentsBackExactlyAndPeopleSeeThemMasked() throws IOException {
    var arguments =
        "{\"n\":1.10,\"big\":12345678901234567890,\"password\":\"hunter2\",\"z\":\"\\u200b\"}";
    var id = hub.raise("deploy", arguments);

    var own = hub.get("ci", "/v2/approvals/" + id).json();
    var shown = hub.get("alice", "/v2/approvals/" + id).json();

    assertThat(Json.text(own.path("tool_args"))).isEqualTo(Json.text(Json.parse(arguments)));
    assertThat(shown.path("tool_args").path("password").asText())
        .isEqualTo("[masked: 7 characters]");
    assertThat(shown.toString()).doesNotContain("hunter2");
  }

  @Test
  void aDecisionIsRecordedOnceAndEveryLaterOneIsToldWhoHowAndWhen() {
    var id = hub.raise("rm", "{}");

    var first = decide("alice", id, "{\"approved\": true, \"reason\": \"fine\"}");
    var second = decide("bob", id, "{\"approved\": false}");

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.json().toString())
        .isEqualTo(
            "{\"job_id\":\"%s\",\"status\":\"approved\",\"message\":\"Tool call approved\"}"
                .formatted(id));
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.detail())
        .isEqualTo("Already approved by alice via api at " + hub.bean(TestClock.class).instant());
    var approval = hub.get("eve", "/v2/approvals/" + id).json();
    assertThat(approval.path("decided_by").asText()).isEqualTo("alice");
    assertThat(approval.path("decision_reason").asText()).isEqualTo("fine");
  }

  @Test
  void ofAThousandDecisionsAtOnceOneWins() throws Exception {
    var id = hub.raise("rm", "{}");
    var start = new CountDownLatch(1);
    var tries = new ArrayList<Callable<TestHub.Reply>>();
    for (var number = 0; number < 1000; number++) {
      var key = number % 2 == 0 ? "alice" : "bob";
      var verdict = number % 3 == 0 ? "deny" : "approve";
      tries.add(
          () -> {
            start.await();
            return untilRecorded(() -> hub.post(key, "/v2/approvals/" + id + "/" + verdict, ""));
          });
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var replies = tries.stream().map(threads::submit).toList();
      start.countDown();
      var won = 0;
      var details = new HashSet<String>();
      for (var reply : replies) {
        if (reply.get().status() == 200) {
          won++;
        } else {
          assertThat(reply.get().status()).isEqualTo(409);
          details.add(reply.get().detail());
        }
      }
      assertThat(won).isEqualTo(1);
      assertThat(details)
          .hasSize(1)
          .allMatch(detail -> detail.matches("Already .* by .* via api at .*"));
    }
  }

  /// A thousand on a busy machine wait longer for a connection than the hub lets them, which it
  /// says: such a caller tries again.
  private static TestHub.Reply untilRecorded(Supplier<TestHub.Reply> call) {
    var reply = call.get();
    while (reply.status() == 503) {
      reply = call.get();
    }
    return reply;
  }

  @Test
  void anAgentsKeyNeverDecidesAndAnObserversNeither() {
    var id = hub.raise("rm", "{}");

    for (var key : List.of("ci", "other", "eve")) {
      assertThat(hub.post(key, "/v2/approvals/" + id + "/approve", "").status()).isEqualTo(403);
      assertThat(hub.post(key, "/v2/approvals/" + id + "/deny", "").status()).isEqualTo(403);
      assertThat(decide(key, id, "{\"approved\": true}").status()).isEqualTo(403);
      var bulk = "[{\"id\": \"%s\", \"action\": \"approve\"}]".formatted(id);
      assertThat(hub.post(key, "/v2/approvals/bulk", bulk).status()).isEqualTo(403);
    }
    assertThat(hub.status(id)).isEqualTo("pending");
  }

  @Test
  void anAgentThatSaysWhatItTakesBackIsGivenNothingElse() {
    var raised =
        hub.post(
            "ci",
            "/v2/approvals",
            """
            {"tool_name": "rm", "tool_args": {}, "takes": {"reason": true, "remembers": "today"}}\
            """);
    var decide = path(raised) + "/decide";

    var edited = hub.post("alice", decide, "{\"approved\": true, \"modified_args\": {\"a\": 1}}");
    var remembered = hub.post("alice", decide, "{\"approved\": true, \"remember\": true}");

    assertThat(edited.status()).isEqualTo(422);
    assertThat(remembered.status()).isEqualTo(200);
    assertThat(hub.get("ci", path(raised)).json().path("remember").asBoolean()).isTrue();
  }

  @Test
  void aMisspeltWordInTakesIsRefused() {
    var body = "{\"tool_name\": \"rm\", \"tool_args\": {}, \"takes\": {\"argument\": true}}";

    assertThat(hub.post("ci", "/v2/approvals", body).status()).isEqualTo(422);
  }

  @Test
  void whatAToolSaysOfItselfIsKeptAndPeopleSeeItVisible() {
    var raised =
        annotated(
            """
            {"title": "Delete\u200b branch", "destructiveHint": true, "readOnlyHint": false}\
            """);

    var own = hub.get("ci", path(raised)).json().path("tool_annotations");
    var shown = hub.get("alice", path(raised)).json().path("tool_annotations");

    assertThat(own).hasToString("{\"title\":\"Delete\u200b branch\",\"destructiveHint\":true}");
    assertThat(shown.path("title").asText()).isEqualTo("Delete[U+200B] branch");
    assertThat(hub.get("ci", path(annotated("{}"))).json().path("tool_annotations").isNull())
        .isTrue();
  }

  @Test
  void theSameCallOfAToolThatSaysSomethingElseOfItselfIsAnother() {
    var first = "{\"destructiveHint\": true}, \"idempotency_key\": \"k\"";

    assertThat(annotated(first).status()).isEqualTo(201);
    assertThat(annotated(first).status()).isEqualTo(200);
    assertThat(annotated("{}, \"idempotency_key\": \"k\"").status()).isEqualTo(409);
  }

  @Test
  void whatIsWrongWithAnnotationsIsNamed() {
    assertThat(annotated("{\"destructive\": true}").json().path("detail").asText())
        .startsWith("tool_annotations.destructive is not a field; there are [destructiveHint, ");
    assertThat(annotated("{\"readOnlyHint\": 1}").json().path("detail").asText())
        .isEqualTo("tool_annotations.readOnlyHint must be true or false");
    assertThat(annotated("[]").json().path("detail").asText())
        .isEqualTo("tool_annotations must be a JSON object");
  }

  private TestHub.Reply annotated(String annotations) {
    return hub.post(
        "ci",
        "/v2/approvals",
        "{\"tool_name\": \"rm\", \"tool_args\": {}, \"tool_annotations\": " + annotations + "}");
  }

  private static String path(TestHub.Reply raised) {
    return "/v2/approvals/" + raised.json().path("job_id").asText();
  }

  @Test
  void withoutAKeyOrWithAWrongOneNothingIsSeen() {
    assertThat(hub.get("", "/v2/approvals").status()).isEqualTo(401);
    assertThat(hub.get("wrong", "/v2/approvals").status()).isEqualTo(401);
    assertThat(hub.get("", "/prometheus").status()).isEqualTo(401);
    assertThat(hub.get("eve", "/prometheus").response().body()).contains("approvalhub_");
    assertThat(hub.get("", "/health").response().body()).doesNotContain("agent:local");
    assertThat(hub.get("eve", "/health").response().body()).contains("agent:local");
    assertThat(hub.get("", "/openapi").response().body()).contains("/v2/approvals/{job_id}/decide");
  }

  @Test
  void theMetricsSayWhatWaitsAndHowLongWhatEndedHadWaited() {
    hub.raise("rm", "{}");
    var decided = hub.raise("mv", "{}");
    hub.bean(TestClock.class).turn(Duration.ofSeconds(90));
    hub.post("alice", "/v2/approvals/" + decided + "/deny", "");

    var metrics = hub.get("eve", "/prometheus").response().body();
    var mv = "{agent=\"local\",status=\"denied\",tool=\"mv\"";
    assertThat(metrics)
        .contains("# HELP approvalhub_pending ")
        .contains("approvalhub_pending{agent=\"local\",tool=\"rm\"} 1.0\n")
        .doesNotContain("approvalhub_pending{agent=\"local\",tool=\"mv\"}")
        .contains("# HELP approvalhub_waited_seconds ")
        .contains("approvalhub_waited_seconds_count" + mv + "} 1\n")
        .contains("approvalhub_waited_seconds_sum" + mv + "} 90.0\n")
        .contains("approvalhub_waited_seconds_bucket" + mv + ",le=\"60.0\"} 0\n")
        .contains("approvalhub_waited_seconds_bucket" + mv + ",le=\"600.0\"} 1\n");
  }

  /// An agent may name as many tools as it likes.
  @Test
  void theMetricsTellOnlySoManyToolsApart() {
    for (var number = 0; number < 210; number++) {
      var id = hub.raise("a%03d".formatted(number), "{}");
      hub.raise("b%03d".formatted(number), "{}");
      hub.post("alice", "/v2/approvals/" + id + "/approve", "");
    }

    var metrics = hub.get("eve", "/prometheus").response().body();
    assertThat(metrics)
        .contains("approvalhub_pending{agent=\"local\",tool=\"b199\"} 1.0\n")
        .contains("approvalhub_pending{agent=\"local\",tool=\"(others)\"} 10.0\n")
        .contains("approvalhub_waited_seconds_count")
        .contains("status=\"approved\",tool=\"(others)\"} 10\n");
  }

  @Test
  void anAgentSeesAndCancelsItsOwnOnly() {
    var id = hub.raise("rm", "{}");

    assertThat(hub.get("other", "/v2/approvals").json()).isEmpty();
    assertThat(hub.get("other", "/v2/approvals?agent=local").status()).isEqualTo(403);
    assertThat(hub.get("other", "/v2/approvals/" + id).status()).isEqualTo(404);
    assertThat(hub.post("other", "/v2/approvals/" + id + "/cancel", "").status()).isEqualTo(404);
    assertThat(hub.post("ci", "/v2/approvals/" + id + "/cancel", "").json().path("status").asText())
        .isEqualTo("cancelled");
    assertThat(hub.delivered(id)).isEqualTo("delivered");
  }

  @Test
  void theSameKeyAndContentIsTheSameApproval() {
    var body = "{\"tool_name\":\"rm\",\"tool_args\":{},\"idempotency_key\":\"k1\"}";

    var first = hub.post("ci", "/v2/approvals", body);
    var again = hub.post("ci", "/v2/approvals", body);
    var other = hub.post("ci", "/v2/approvals", body.replace("rm", "mv"));
    var foreign = hub.post("other", "/v2/approvals", body);

    assertThat(first.status()).isEqualTo(201);
    assertThat(first.response().headers().firstValue("Location"))
        .contains("/v2/approvals/" + id(first));
    assertThat(again.status()).isEqualTo(200);
    assertThat(id(again)).isEqualTo(id(first));
    assertThat(other.status()).isEqualTo(409);
    assertThat(foreign.status()).isEqualTo(201);
    assertThat(id(foreign)).isNotEqualTo(id(first));
  }

  @Test
  void whoRaisedItWaitsForTheDecisionAndItIsDeliveredThereby() throws Exception {
    var id = hub.raise("rm", "{}");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = threads.submit(() -> hub.get("ci", "/v2/approvals/" + id + "?wait=60s"));
      decide("alice", id, "{\"approved\": true, \"modified_args\": {\"path\": \"/tmp\"}}");

      var answer = waiting.get().json();

      assertThat(answer.path("status").asText()).isEqualTo("approved");
      assertThat(answer.path("modified_args").path("path").asText()).isEqualTo("/tmp");
      assertThat(answer.path("delivered").asText()).isEqualTo("delivered");
    }
  }

  @Test
  void anExpiredApprovalIsNeverApproved() {
    var id = hub.raise("rm", "{}");
    hub.bean(TestClock.class).turn(Duration.ofHours(1));

    var late = decide("alice", id, "{\"approved\": true}");

    assertThat(late.status()).isEqualTo(410);
    assertThat(hub.status(id)).isEqualTo("expired");
    assertThat(hub.get("eve", "/v2/approvals/" + id).json().path("decided_by").isNull()).isTrue();
  }

  @Test
  void whatIsDueExpiresWithoutAnybodyAsking() {
    var id = hub.raise("rm", "{}");
    hub.bean(TestClock.class).turn(Duration.of(3599, SECONDS));
    hub.bean(Desk.class).turn();
    assertThat(hub.status(id)).isEqualTo("pending");

    hub.bean(TestClock.class).turn(Duration.of(1, SECONDS));

    assertThat(hub.bean(Desk.class).turn()).isEqualTo(1);
    assertThat(hub.status(id)).isEqualTo("expired");
  }

  @Test
  void whatIsDueWhileTheStoreFailsIsNotPutOff() {
    hub.raise("rm", "{}");
    hub.bean(TestClock.class).turn(Duration.of(3600, SECONDS));
    var database = hub.bean(Database.class);
    var desk = hub.bean(Desk.class);
    database.change(handle -> handle.execute("DELETE FROM timers WHERE kind = 'soon'"));
    database.change(handle -> handle.execute("ALTER TABLE audit RENAME TO away"));
    assertThatThrownBy(desk::turn).isInstanceOf(StoreException.class);

    database.change(handle -> handle.execute("ALTER TABLE away RENAME TO audit"));

    assertThat(desk.turn()).isEqualTo(1);
    assertThat(hub.get("eve", "/v2/approvals?status=expired").json()).hasSize(1);
  }

  @Test
  void oneFailingItemOfABulkFailsAlone() {
    var first = hub.raise("rm", "{}");
    var second = hub.raise("mv", "{}");
    var body =
        """
        [{"id": "%s", "action": "approve"}, {"id": "nobody", "action": "deny"},
         {"id": "%s", "action": "deny", "reason": "no"}, {"id": "%s", "action": "approve"}, 7]\
        """
            .formatted(first, second, first);

    var results = hub.post("alice", "/v2/approvals/bulk", body).json();

    assertThat(results).hasSize(5);
    assertThat(results.get(0).path("status").asText()).isEqualTo("approved");
    assertThat(results.get(1).path("error").path("status").asInt()).isEqualTo(404);
    assertThat(results.get(2).path("status").asText()).isEqualTo("denied");
    assertThat(results.get(3).path("error").path("status").asInt()).isEqualTo(409);
    assertThat(results.get(4).path("error").path("status").asInt()).isEqualTo(422);
  }

  @Test
  void listsAreFilteredAndPaged() {
    var first = hub.raise("a", "{}");
    var second = hub.raise("b", "{}");
    var third = hub.raise("c", "{}");
    decide("alice", second, "{\"approved\": false}");

    assertThat(ids(hub.get("eve", "/v2/approvals"))).containsExactly(first, third);
    assertThat(ids(hub.get("eve", "/v2/approvals?status=denied"))).containsExactly(second);
    assertThat(ids(hub.get("eve", "/v2/approvals?limit=1"))).containsExactly(first);
    assertThat(ids(hub.get("eve", "/v2/approvals?limit=1&after=" + first))).containsExactly(third);
    assertThat(ids(hub.get("eve", "/v2/approvals?agent=second"))).isEmpty();
    assertThat(hub.get("eve", "/v2/approvals?limit=501").status()).isEqualTo(422);
    assertThat(hub.get("eve", "/v2/approvals?limit=x").status()).isEqualTo(422);
    assertThat(hub.get("eve", "/v2/approvals?status=open").status()).isEqualTo(422);
    assertThat(hub.get("eve", "/v2/approvals/" + first + "?wait=61s").status()).isEqualTo(422);
  }

  @Test
  void aListEndsBeforeItsArgumentsAreTooMany() {
    var large = "{\"text\": \"" + "x".repeat(1_500_000) + "\"}";
    var first = hub.raise("a", large);
    var second = hub.raise("b", large);
    var third = hub.raise("c", large);
    var fourth = hub.raise("d", large);

    assertThat(ids(hub.get("ci", "/v2/approvals"))).containsExactly(first, second, third);
    assertThat(ids(hub.get("ci", "/v2/approvals?after=" + third))).containsExactly(fourth);
  }

  @Test
  void soMuchOfAnAgentMayWaitAndNoMore() {
    hub.close();
    var settings = new HashMap<>(database());
    settings.put("hub.most-pending", 2);
    hub = TestHub.start(folder, CONFIGURATION, true, settings);
    var first = hub.raise("a", "{}");
    hub.raise("b", "{}");

    var refused = raise("{\"tool_name\": \"c\", \"tool_args\": {}}");

    assertProblem(refused, 429, "2 approvals of agent local wait");
    assertThat(ids(hub.get("eve", "/v2/approvals"))).hasSize(2);
    assertThat(
            hub.post("other", "/v2/approvals", "{\"tool_name\": \"d\", \"tool_args\": {}}")
                .status())
        .isEqualTo(201);
    decide("alice", first, "{\"approved\": false}");
    assertThat(raise("{\"tool_name\": \"c\", \"tool_args\": {}}").status()).isEqualTo(201);
  }

  @Test
  void statisticsCountPerToolAndOverall() {
    var first = hub.raise("rm", "{}");
    hub.raise("rm", "{}");
    hub.raise("mv", "{}");
    hub.bean(TestClock.class).turn(Duration.ofSeconds(30));
    decide("alice", first, "{\"approved\": true}");

    var stats = hub.get("eve", "/v2/approvals/stats?tool=rm").json();
    var summary = hub.get("eve", "/v2/approvals/summary").json();

    assertThat(stats).hasSize(1);
    assertThat(stats.get(0).path("approved").asInt()).isEqualTo(1);
    assertThat(stats.get(0).path("pending").asInt()).isEqualTo(1);
    assertThat(stats.get(0).path("median_seconds").asDouble()).isEqualTo(30);
    assertThat(summary.toString())
        .isEqualTo(
            "{\"pending\":2,\"approved\":1,\"denied\":0,\"cancelled\":0,\"expired\":0,\"total\":3}");
  }

  @Test
  void badInputIsToldWhichFieldIsWrong() {
    var id = hub.raise("rm", "{}");

    assertProblem(decide("alice", id, "{}"), 422, "approved is required");
    assertProblem(
        decide("alice", id, "{\"approved\": \"true\"}"), 422, "approved must be true or false");
    assertProblem(
        decide("alice", id, "{\"approved\": true, \"modifed_args\": {}}"),
        422,
        "modifed_args is not a field");
    assertProblem(
        decide("alice", id, "{\"approved\": false, \"modified_args\": {}}"),
        422,
        "modified_args goes with an approval only");
    assertProblem(
        decide("alice", id, "{\"approved\": true, \"remember\": true}"),
        422,
        "remember: this agent cannot");
    assertProblem(
        decide("alice", id, "{\"approved\": true"), 422, "approved is malformed at line 1");
    assertProblem(
        decide("alice", id, "{\"approved\": true, \"approved\": false}"),
        422,
        "approved is malformed at line 1");
    assertProblem(raise("{\"tool_args\": {}}"), 422, "tool_name is required");
    assertProblem(raise("{\"tool_name\": \"rm\"}"), 422, "tool_args is required");
    assertProblem(
        raise("{\"tool_name\": \"rm\", \"tool_args\": []}"),
        422,
        "tool_args must be a JSON object");
    assertProblem(
        raise("{\"tool_name\": \"rm\", \"tool_args\": {}, \"expires_in\": 0}"),
        422,
        "expires_in must be a whole number");
    assertProblem(
        raise("{\"tool_name\": \"rm\", \"tool_args\": {}, \"callback_url\": \"http://x/\"}"),
        422,
        "callback_url is not under");
    assertProblem(
        raise("{\"tool_name\": \"rm\", \"tool_args\": {\"x\": \"" + "y".repeat(3 << 20) + "\"}}"),
        413,
        "");
    assertThat(hub.status(id)).isEqualTo("pending");
  }

  @Test
  void theAuditTrailIsWholeAndCannotBeRewritten() {
    var id = hub.raise("rm", "{}");
    decide("alice", id, "{\"approved\": true}");

    assertThat(hub.bean(Audit.class).firstBroken()).isEmpty();
    for (var table : List.of("audit", "votes")) {
      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(
                  () ->
                      hub.bean(io.approvalhub.database.Database.class)
                          .write(handle -> handle.execute("DELETE FROM " + table))))
          .rootCause()
          .hasMessageContaining(table + " is append-only");
    }
  }

  @Test
  void argumentsAreForgottenAfterTheRetentionAndTheRestStays() {
    var id = hub.raise("rm", "{\"path\": \"/src\"}");
    decide("alice", id, "{\"approved\": true}");

    assertThat(hub.bean(Desk.class).forget(hub.bean(TestClock.class).instant().plusSeconds(1)))
        .isEqualTo(1);

    var approval = hub.get("eve", "/v2/approvals/" + id).json();
    assertThat(approval.path("tool_args").isNull()).isTrue();
    assertThat(approval.path("status").asText()).isEqualTo("approved");
    assertThat(hub.bean(Audit.class).firstBroken()).isEmpty();
  }

  @Test
  void aQuorumIsOfPeopleAndTheLastVoteOfEachCounts() {
    withQuorum();
    var id = hub.raise("rm", "{}");

    assertThat(decide("alice", id, "{\"approved\": true}").json().path("status").asText())
        .isEqualTo("pending");
    assertThat(decide("alice", id, "{\"approved\": true}").json().path("status").asText())
        .isEqualTo("pending");
    assertThat(decide("bob", id, "{\"approved\": true}").json().path("status").asText())
        .isEqualTo("approved");
    assertThat(hub.bean(Audit.class).firstBroken()).isEmpty();
  }

  @Test
  void oneDenialEndsIt() {
    withQuorum();
    var id = hub.raise("rm", "{}");
    decide("alice", id, "{\"approved\": true}");

    decide("bob", id, "{\"approved\": false}");

    assertThat(hub.status(id)).isEqualTo("denied");
  }

  @Test
  void anEditIsANewProposal() {
    withQuorum();
    var id = hub.raise("rm", "{}");
    decide("alice", id, "{\"approved\": true}");

    decide("bob", id, "{\"approved\": true, \"modified_args\": {\"path\": \"/tmp\"}}");
    assertThat(hub.status(id)).isEqualTo("pending");
    decide("alice", id, "{\"approved\": true}");

    var approval = hub.get("ci", "/v2/approvals/" + id).json();
    assertThat(approval.path("status").asText()).isEqualTo("approved");
    assertThat(approval.path("modified_args").path("path").asText()).isEqualTo("/tmp");
  }

  @Test
  void termsOfWhatWaitsAreWorkedOutAnewAtAStart() {
    hub.close();
    var settings = database();
    hub = TestHub.start(folder, CONFIGURATION, true, settings);
    var id = hub.raise("rm", "{}");
    hub.close();
    var two = new HashMap<>(settings);
    two.put("micronaut.test.quorum", true);
    hub = TestHub.start(folder, CONFIGURATION, true, two);

    assertThat(hub.get("eve", "/v2/approvals/" + id).json().path("version").asInt()).isEqualTo(2);
    decide("alice", id, "{\"approved\": true}");
    assertThat(hub.status(id)).isEqualTo("pending");
  }

  private void withQuorum() {
    hub.close();
    var settings = new HashMap<>(database());
    settings.put("micronaut.test.quorum", true);
    hub = TestHub.start(folder, CONFIGURATION, true, settings);
  }

  private TestHub.Reply raise(String body) {
    return hub.post("ci", "/v2/approvals", body);
  }

  private TestHub.Reply decide(String key, String id, String body) {
    return hub.post(key, "/v2/approvals/" + id + "/decide", body);
  }

  private static void assertProblem(TestHub.Reply reply, int status, String detail) {
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.response().headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    assertThat(reply.json().path("status").asInt()).isEqualTo(status);
    assertThat(reply.detail()).startsWith(detail);
  }

  private static String id(TestHub.Reply reply) {
    return reply.json().path("job_id").asText();
  }

  private static List<String> ids(TestHub.Reply reply) {
    var ids = new ArrayList<String>();
    for (JsonNode approval : reply.json()) {
      ids.add(approval.path("job_id").asText());
    }
    return ids;
  }
}
