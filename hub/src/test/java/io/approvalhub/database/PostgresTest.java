package io.approvalhub.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.approvalhub.TestHub;
import io.approvalhub.approval.Audit;
import io.approvalhub.testkit.FakeWebhookReceiver;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same hub on a real PostgreSQL.
final class PostgresTest {

  @TempDir private Path folder;

  @Test
  void anApprovalIsRaisedPostedDecidedAndUpdated() throws IOException {
    try (var postgres = EmbeddedPostgres.start();
        var receiver = new FakeWebhookReceiver();
        var hub = TestHub.start(folder, configuration(postgres, receiver), false)) {
      var id = hub.raise("rm", "{\"path\": \"/\"}");
      await().until(() -> receiver.shown().size() == 1);

      assertThat(hub.post("alice", "/v2/approvals/" + id + "/approve", "").status()).isEqualTo(200);
      assertThat(hub.post("bob", "/v2/approvals/" + id + "/deny", "").status()).isEqualTo(409);

      await().until(() -> receiver.shown().getFirst().text().contains("Approved by alice"));
      assertThat(hub.get("eve", "/v2/approvals/stats").json().get(0).path("approved").asInt())
          .isEqualTo(1);
      assertThat(hub.bean(Audit.class).firstBroken()).isEmpty();
    }
  }

  private static String configuration(EmbeddedPostgres postgres, FakeWebhookReceiver receiver) {
    return "hub:\n"
        + TestHub.KEYS
        + """
          database: {url: "%s"}
        people:
          alice: {webhook: "1"}
          bob: {webhook: "2"}
        agents:
          local: {type: push}
          second: {type: push}
        channels:
          hook: {plugin: webhook, approvers: [alice], settings: {url: "%s", secret: "%s", allow-private: true}}
        """
            .formatted(
                postgres.getJdbcUrl("postgres", "postgres"),
                receiver.settings().get("url"),
                receiver.settings().get("secret"));
  }
}
