package io.approvalhub.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.TestHub;
import io.approvalhub.approval.Audit;
import io.approvalhub.approval.Desk;
import io.approvalhub.approval.Digest;
import io.approvalhub.delivery.ManualRounds;
import io.approvalhub.testkit.FakeWebhookReceiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A database that an older hub has left is migrated, and what was in it goes on.
abstract class MigrationContract {

  private static final String WAITS = "01k00000000000000000000001";
  private static final String DECIDED = "01k00000000000000000000002";
  private static final String OVERDUE = "01k00000000000000000000003";

  @TempDir private Path folder;

  /// The address of an empty database.
  abstract String url(Path data);

  /// The settings with which a hub uses it.
  abstract Map<String, Object> settings(String url);

  /// Where the migrations of this kind of database are.
  abstract String migrations();

  @Test
  void whatAnOlderHubLeftGoesOn() throws IOException {
    var url = url(Files.createDirectory(folder.resolve("data")));
    Flyway.configure()
        .dataSource(url, null, null)
        .locations("classpath:db/common", "classpath:db/" + migrations())
        .target("5")
        .load()
        .migrate();
    fill(Jdbi.create(url));

    try (var receiver = new FakeWebhookReceiver(Instant::now);
        var hub = TestHub.start(folder, configuration(receiver), true, settings(url))) {
      hub.bean(Desk.class).turn();
      assertThat(hub.status(OVERDUE)).isEqualTo("expired");

      assertThat(hub.post("alice", "/v2/approvals/" + WAITS + "/deny", "").status()).isEqualTo(200);
      hub.bean(ManualRounds.class).turn();

      assertThat(receiver.events())
          .extracting(event -> event.path("data").path("status").asText())
          .contains("denied", "approved")
          .doesNotContain("pending");
      assertThat(hub.get("eve", "/v2/approvals/" + DECIDED).json().at("/modified_args/path"))
          .hasToString("\"/tmp\"");
      assertThat(hub.post("bob", "/v2/approvals/" + DECIDED + "/deny", "").status()).isEqualTo(409);
      assertThat(votes(hub, DECIDED)).isEqualTo("alice APPROVE ops");
      assertThat(hub.bean(Audit.class).firstBroken()).isEmpty();
    }
  }

  private static String votes(TestHub hub, String id) {
    return hub.bean(Database.class)
        .read(
            handle ->
                handle
                    .createQuery(
                        "SELECT person || ' ' || verdict || ' ' || via FROM votes WHERE approval_id"
                            + " = ?")
                    .bind(0, id)
                    .mapTo(String.class)
                    .one());
  }

  private static void fill(Jdbi jdbi) {
    jdbi.useHandle(
        handle -> {
          for (var id : new String[] {WAITS, DECIDED, OVERDUE}) {
            handle.execute(
                """
                INSERT INTO approvals (id, version, status, agent, call_key, content, tool, arguments, digest, worker,
                  risk, reason, context, takes_reason, takes_arguments, raised_at, expires_at, remember, delivered)
                VALUES (?, 1, 'PENDING', 'local', ?, 'c', 'rm', '{}', ?, '', 'medium', '', '{}', 1, 1, 1000000, ?,
                  0, 'WAITING')\
                """,
                id,
                id,
                id.equals(OVERDUE) ? "not its own" : Digest.of("tool call", "rm", "{}"),
                id.equals(OVERDUE) ? Long.valueOf(2_000_000) : null);
            handle.execute(
                """
                INSERT INTO deliveries (approval_id, target, token, wanted, shown, retired, place, message, attempts, next_at)
                VALUES (?, 'channel:ops', ?, 1, 1, 0, 'webhook', ?, 0, 0)\
                """,
                id,
                id.substring(4),
                id.substring(4));
          }
          handle.execute(
              """
              UPDATE approvals SET status = 'APPROVED', version = 2, decided_at = 3000000, decided_by = 'alice',
                decided_via = 'ops', modified_arguments = '{"path":"/tmp"}' WHERE id = ?\
              """,
              DECIDED);
          handle.execute("UPDATE deliveries SET wanted = 2 WHERE approval_id = ?", DECIDED);
          handle.execute(
              """
              INSERT INTO decisions (approval_id, verdict, decided_by, decided_via, digest, decided_at)
              VALUES (?, 'APPROVE', 'alice', 'ops', 'e', 3000000)\
              """,
              DECIDED);
        });
  }

  private static String configuration(FakeWebhookReceiver receiver) {
    return "hub:\n"
        + TestHub.KEYS
        + """
        people:
          alice: {webhook: "1"}
          bob: {webhook: "2"}
        agents:
          local: {type: push}
          second: {type: push}
        channels:
          ops: {plugin: webhook, approvers: [alice], settings: {url: "%s", secret: "%s", allow-private: true}}
        """
            .formatted(receiver.settings().get("url"), receiver.settings().get("secret"));
  }
}
