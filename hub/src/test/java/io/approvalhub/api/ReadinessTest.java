package io.approvalhub.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.approvalhub.TestHub;
import io.approvalhub.database.Postgres;
import io.approvalhub.node.Workers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `/health` says whether the hub can work, and not how a channel does.
final class ReadinessTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String CONFIGURATION =
      "hub:\n"
          + TestHub.KEYS
          + """
          people:
            alice: {webhook: alice}
            bob: {webhook: bob}
          agents:
            local: {type: push}
            second: {type: push}
          channels:
            hook:
              plugin: webhook
              approvers: [alice]
              settings: {url: "http://127.0.0.1:1/", secret: "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz", allow-private: true}
          """;

  @TempDir private Path folder;

  @Test
  void aHubWhoseThreadsRunIsReadyWhateverItsChannelsDo() {
    try (var hub = TestHub.start(folder, CONFIGURATION, false)) {
      hub.raise("rm", "{}");
      await()
          .atMost(PATIENCE)
          .until(() -> hub.get("eve", "/health").response().body().contains("troubled"));

      for (var path : List.of("/health", "/health/readiness", "/health/liveness")) {
        assertThat(hub.get("", path).status()).as(path).isEqualTo(200);
        assertThat(hub.get("", path).json().path("status").asText()).isEqualTo("UP");
        assertThat(hub.get("", path).json().path("details").isNull()).isTrue();
      }
    }
  }

  @Test
  void aDeadWorkerMakesTheHubUnreadyAndIsNamed() {
    try (var hub = TestHub.start(folder, CONFIGURATION, false)) {
      var sender =
          hub.bean(Workers.class).threads().stream()
              .filter(thread -> thread.getName().equals("channel:hook"))
              .findFirst()
              .orElseThrow();

      sender.interrupt();

      await().atMost(PATIENCE).until(() -> hub.get("", "/health").status() == 503);
      assertThat(hub.get("", "/health").json().path("details").isNull()).isTrue();
      assertThat(hub.get("", "/health/readiness").status()).isEqualTo(503);
      assertThat(hub.get("eve", "/health").json().at("/details/hub/details/dead_workers").get(0))
          .hasToString("\"channel:hook\"");
    }
  }

  @Test
  void aHubWhoseStoreIsOutOfReachIsNotReady() {
    try (var postgres = new Postgres(folder)) {
      var settings = Map.<String, Object>of("hub.database.url", postgres.create("readiness"));
      try (var hub = TestHub.start(folder, CONFIGURATION, false, settings)) {
        assertThat(hub.get("", "/health").status()).isEqualTo(200);

        postgres.end();
        await().atMost(PATIENCE).until(() -> hub.get("", "/health/readiness").status() == 503);
        assertThat(hub.get("", "/health").status()).isEqualTo(503);

        postgres.restart();
        await().atMost(PATIENCE).until(() -> hub.get("", "/health").status() == 200);
      }
    }
  }
}
