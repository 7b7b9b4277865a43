package io.approvalhub.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.TestClock;
import io.approvalhub.TestHub;
import io.micronaut.web.router.Router;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What does not come in, on every database, and who does.
abstract class DoorContract {

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

  private static final String UNKNOWN_ID = "0".repeat(26);

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
  void argumentsThatNobodyCouldReadAreRefused() {
    assertRefused(raise("{\"a\":".repeat(990) + "1" + "}".repeat(990)), "tool_args");
    assertRefused(raise("{\"a\":" + "[".repeat(950) + "]".repeat(950) + "}"), "tool_args");
    assertRefused(raise("{\"a\":" + "[".repeat(996) + "]".repeat(996) + "}"), "tool_args");
    var leaves = "0,".repeat(60_000) + "0";
    assertRefused(raise("{\"a\":" + "[".repeat(900) + leaves + "]".repeat(900) + "}"), "tool_args");
    assertThat(hub.get("eve", "/v2/approvals").json()).isEmpty();
  }

  @Test
  void editedArgumentsThatNobodyCouldReadAreRefused() {
    var id = hub.raise("rm", "{}");
    var deep = "{\"a\":".repeat(990) + "1" + "}".repeat(990);

    for (var path : List.of("/decide", "/approve")) {
      var body = "{\"approved\": true, \"modified_args\": %s}".formatted(deep);
      assertRefused(hub.post("alice", "/v2/approvals/" + id + path, body), "modified_args");
    }
    assertThat(hub.status(id)).isEqualTo("pending");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\u0000", "\\ud800", "\\udc00\\ud800"})
  void aCharacterThatOneDatabaseRefusesIsRefusedByBoth(String character) {
    var text = "\"a" + character + "b\"";
    for (var field :
        List.of(
            "idempotency_key",
            "tool_name",
            "worker_name",
            "risk_level",
            "reason",
            "session_id",
            "callback_url")) {
      var others = field.equals("tool_name") ? "" : "\"tool_name\": \"rm\", ";
      var body = "{%s\"tool_args\": {}, \"%s\": %s}".formatted(others, field, text);
      assertRefused(hub.post("ci", "/v2/approvals", body), field + " ");
    }
    assertRefused(raise("{\"a\": [" + text + "]}"), "tool_args");
    assertRefused(raise("{" + text + ": 1}"), "tool_args");
    var takes = "{\"tool_name\": \"rm\", \"tool_args\": {}, \"takes\": {\"remembers\": %s}}";
    assertRefused(hub.post("ci", "/v2/approvals", takes.formatted(text)), "takes.remembers ");

    var id = hub.raise("rm", "{}");
    var path = "/v2/approvals/" + id;
    for (var verb : List.of("/decide", "/approve")) {
      var reason = "{\"approved\": true, \"reason\": %s}".formatted(text);
      var edit = "{\"approved\": true, \"modified_args\": {\"a\": %s}}".formatted(text);
      assertRefused(hub.post("alice", path + verb, reason), "reason ");
      assertRefused(hub.post("alice", path + verb, edit), "modified_args");
    }
    var reason = "{\"reason\": %s}".formatted(text);
    assertRefused(hub.post("alice", path + "/deny", reason), "reason ");
    assertRefused(hub.post("alice", path + "/cancel", reason), "reason ");
    assertThat(hub.status(id)).isEqualTo("pending");
  }

  @Test
  void aPathOrFilterThatOneDatabaseRefusesIsRefusedByBoth() {
    for (var path :
        List.of("/v2/approvals/a%00b", "/v2/approvals/%00", "/v2/approvals/a%00b?wait=1s")) {
      assertRefused(hub.get("eve", path), "job_id ");
    }
    for (var verb : List.of("decide", "approve", "deny", "cancel")) {
      var body = verb.equals("decide") ? "{\"approved\": true}" : "";
      assertRefused(hub.post("alice", "/v2/approvals/a%00b/" + verb, body), "job_id ");
    }
    assertRefused(hub.get("eve", "/v2/approvals?after=%00"), "after ");
    assertRefused(hub.get("eve", "/v2/approvals?after=x"), "after ");
    assertRefused(hub.get("eve", "/v2/approvals?agent=%00"), "agent ");
    assertRefused(hub.get("eve", "/v2/approvals/stats?tool=a%00b"), "tool ");
    var item = "[{\"id\": \"a\\u0000b\", \"action\": \"approve\"}]";
    var error = hub.post("alice", "/v2/approvals/bulk", item).json().get(0).path("error");
    assertThat(error.path("status").asInt()).isEqualTo(422);
    assertThat(error.path("detail").asText()).startsWith("id ");
  }

  @Test
  void anIdThatIsNobodysIsUnknown() {
    for (var id : List.of(UNKNOWN_ID, "nobody", UNKNOWN_ID.replace('0', 'A'), "it's")) {
      assertThat(hub.get("eve", "/v2/approvals/" + id).status()).as(id).isEqualTo(404);
      assertThat(hub.post("alice", "/v2/approvals/" + id + "/approve", "").status()).isEqualTo(404);
    }
  }

  @Test
  void whatAPathDoesNotKnowIsRefusedAndNothingHappens() {
    var id = hub.raise("rm", "{}");
    var path = "/v2/approvals/" + id;

    for (var verb : List.of("/approve", "/deny", "/cancel")) {
      assertRefused(hub.post("alice", path + verb, "{\"raeson\": \"x\"}"), "raeson ");
      assertRefused(hub.post("alice", path + verb + "?force=1", ""), "force ");
    }
    assertRefused(hub.post("alice", path + "/approve", "{\"approved\": false}"), "approved ");
    assertRefused(hub.post("alice", path + "/deny", "{\"approved\": true}"), "approved ");
    assertRefused(hub.post("alice", path + "/deny", "{\"modified_args\": {}}"), "modified_args");
    assertRefused(hub.get("eve", "/v2/approvals?stauts=denied"), "stauts ");
    assertRefused(hub.get("eve", "/v2/approvals?status=denied&status=pending"), "status ");
    assertRefused(hub.get("eve", path + "?wiat=1s"), "wiat ");
    assertRefused(hub.get("eve", "/v2/approvals/stats?agent=local"), "agent ");
    assertRefused(hub.get("eve", "/v2/approvals/summary?tool=rm"), "tool ");
    assertRefused(hub.get("eve", "/v2/approvals/plugins/list?x"), "x ");
    assertRefused(
        hub.post("ci", "/v2/approvals?dry=1", "{\"tool_name\": \"a\", \"tool_args\": {}}"), "dry ");
    assertThat(hub.status(id)).isEqualTo("pending");
  }

  @Test
  void theBodiesOfApproveAndDenyCount() {
    var approved = hub.raise("rm", "{}");
    var denied = hub.raise("rm", "{}");

    var body = "{\"approved\": true, \"reason\": \"ok\", \"modified_args\": {\"a\": 1}}";
    assertThat(hub.post("alice", "/v2/approvals/" + approved + "/approve", body).status())
        .isEqualTo(200);
    assertThat(
            hub.post("alice", "/v2/approvals/" + denied + "/deny", "{\"reason\": \"Friday\"}")
                .status())
        .isEqualTo(200);

    var first = hub.get("ci", "/v2/approvals/" + approved).json();
    assertThat(first.path("modified_args").path("a").asInt()).isEqualTo(1);
    assertThat(first.path("decision_reason").asText()).isEqualTo("ok");
    assertThat(hub.get("ci", "/v2/approvals/" + denied).json().path("decision_reason").asText())
        .isEqualTo("Friday");
  }

  @Test
  void whatWaitsIsListedOldestFirstAndWhatEndedNewestFirst() {
    var ids = new ArrayList<String>();
    for (var tool : List.of("a", "b", "c")) {
      hub.bean(TestClock.class).turn(Duration.ofSeconds(1));
      ids.add(hub.raise(tool, "{}"));
    }
    assertThat(listed("")).isEqualTo(ids);

    ids.forEach(id -> hub.post("alice", "/v2/approvals/" + id + "/approve", ""));

    assertThat(listed("?status=approved")).isEqualTo(ids.reversed());
    assertThat(listed("?status=approved&limit=2")).isEqualTo(ids.reversed().subList(0, 2));
    assertThat(listed("?status=approved&after=" + ids.get(1))).containsExactly(ids.get(0));
  }

  @Test
  void everyRouteSaysWhoMayCallIt() {
    var routes = hub.bean(Router.class).uriRoutes().toList();

    assertThat(routes).hasSizeGreaterThan(10);
    assertThat(routes).filteredOn(route -> !Guard.knows(route)).isEmpty();
  }

  private List<String> listed(String query) {
    var ids = new ArrayList<String>();
    hub.get("eve", "/v2/approvals" + query)
        .json()
        .forEach(row -> ids.add(row.path("job_id").asText()));
    return ids;
  }

  private TestHub.Reply raise(String arguments) {
    return hub.post(
        "ci", "/v2/approvals", "{\"tool_name\": \"rm\", \"tool_args\": %s}".formatted(arguments));
  }

  private static void assertRefused(TestHub.Reply reply, String detail) {
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(422);
    assertThat(reply.detail()).startsWith(detail);
  }
}
