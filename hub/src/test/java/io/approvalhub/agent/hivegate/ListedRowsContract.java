package io.approvalhub.agent.hivegate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.TestHub;
import io.approvalhub.delivery.ManualRounds;
import io.approvalhub.kit.Json;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What one row of a polled list does to the others, on every database.
abstract class ListedRowsContract {

  private static final String GOOD = row("good1", "", "{\"n\": 1}");

  @TempDir private Path folder;
  private final FakeHiveGate hivegate = new FakeHiveGate();
  private TestHub hub;

  /// The settings of the database, which is empty.
  abstract Map<String, Object> database();

  @BeforeEach
  void start() {
    start(Map.of());
  }

  private void start(Map<String, Object> more) {
    var settings = new HashMap<>(database());
    settings.putAll(more);
    var configuration =
        """
        hub:
          keys:
            alice: {key: alice, role: operator, person: alice}
            eve: {key: eve, role: observer}
        people: {alice: {webhook: alice}}
        agents:
          coder: {type: hivegate, url: "%s", api-key: "%s", poll-interval: 10ms}
        """
            .formatted(hivegate.address(), FakeHiveGate.KEY);
    hub = TestHub.start(folder, configuration, true, settings);
  }

  @AfterEach
  void stop() {
    hub.close();
    hivegate.close();
  }

  static Stream<Arguments> bad() {
    return Stream.of(
        Arguments.of("a NUL in a text", row("bad1", "a\\u0000b", "{}")),
        Arguments.of("half a character", row("bad1", "a\\ud800b", "{}")),
        Arguments.of("NaN", row("bad1", "", "{\"n\": NaN}")),
        Arguments.of("a key twice", row("bad1", "", "{\"n\": 1, \"n\": 2}")),
        Arguments.of("1,200 levels", row("bad1", "", "[".repeat(1200) + "]".repeat(1200))),
        Arguments.of("25 MB", row("bad1", "", "\"" + "x".repeat(25 << 20) + "\"")),
        Arguments.of("no id", row("", "", "{}")),
        Arguments.of("no object", "7"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  void aRowThatCannotBeTakenIsLeftOutAlone(String what, String bad) {
    hivegate.lists("[%s,%n%s]".formatted(bad, GOOD));

    var waiting = await().until(this::pending, list -> list.size() == 1).get(0);

    assertThat(waiting.path("tool_args").path("n").asInt()).as(what).isEqualTo(1);
    awaitHealth("\"condition\":\"troubled\"", "lists a row");
    assertThat(hub.get("eve", "/prometheus").response().body())
        .contains("approvalhub_left_out_total{agent=\"coder\"} 1.0");
  }

  @Test
  void aRowForWhichThereIsNoRoomIsTakenWhenThereIs() {
    hub.close();
    start(Map.of("hub.most-pending", 1));
    hivegate.pause("first", "deploy", "{}");
    var first = await().until(this::pending, list -> list.size() == 1).get(0);
    hivegate.pause("second", "deploy", "{}");
    awaitHealth("more than there is room for", "hub.most-pending");

    hub.post("alice", "/v2/approvals/" + first.path("job_id").asText() + "/approve", "");
    hub.bean(ManualRounds.class).turn();

    await()
        .until(
            this::pending,
            list -> list.size() == 1 && !list.get(0).path("job_id").equals(first.path("job_id")));
  }

  @Test
  void aLongIdIsTakenAndDecidedUnderItself() {
    var thought = new StringBuilder("5b0c:call__thought__");
    for (var n = 0; thought.length() < 3000; n++) {
      thought.append(Integer.toString(n * 7919 + 1_000_003, 36));
    }
    var id = hivegate.pause(thought.substring(0, 3000), "deploy", "{}");
    var approval = await().until(this::pending, list -> list.size() == 1).get(0);

    hub.post("alice", "/v2/approvals/" + approval.path("job_id").asText() + "/approve", "");
    hub.bean(ManualRounds.class).turn();

    assertThat(hub.delivered(approval.path("job_id").asText())).isEqualTo("delivered");
    assertThat(hivegate.decision(id).path("approved").asBoolean()).isTrue();
  }

  private void awaitHealth(String... texts) {
    await()
        .untilAsserted(
            () -> assertThat(hub.get("eve", "/health").response().body()).contains(texts));
  }

  private JsonNode pending() {
    return hub.get("eve", "/v2/approvals").json();
  }

  private static String row(String id, String worker, String arguments) {
    return """
    {"job_id": %s, "worker_name": "%s", "tool_name": "deploy", "tool_args": %s, "risk_level": "medium",
     "reason": "r", "timestamp": "2026-07-05T10:30:00"}\
    """
        .formatted(Json.text(Json.array().add(id).get(0)), worker, arguments);
  }
}
