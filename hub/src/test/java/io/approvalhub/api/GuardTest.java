package io.approvalhub.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.TestHub;
import io.approvalhub.delivery.ManualRounds;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a key opens goes by the route, however its path is written.
final class GuardTest {

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
          """;

  private static final List<String> SPELLINGS = List.of("/prometheus", "/%70rometheus");

  @TempDir private Path folder;

  @Test
  void metricsAreForThoseWhoRead() {
    try (var hub = TestHub.start(folder, CONFIGURATION, true)) {
      for (var path : SPELLINGS) {
        assertThat(hub.get("", path).status()).isIn(401, 404);
        assertThat(hub.get("ci", path).status()).isIn(403, 404);
      }
      assertThat(hub.get("ci", "/prometheus").status()).isEqualTo(403);
      assertThat(hub.get("eve", "/prometheus").status()).isEqualTo(200);
      assertThat(hub.get("alice", "/prometheus").status()).isEqualTo(200);
    }
  }

  @Test
  void everyMetricSaysWhatItIsInAWholeUnit() {
    var configuration =
        CONFIGURATION
            + """
            channels:
              hook:
                plugin: webhook
                approvers: [alice]
                settings:
                  url: "http://127.0.0.1:1/"
                  secret: "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"
                  allow-private: true
            """;
    try (var hub = TestHub.start(folder, configuration, true)) {
      hub.raise("shell", "{}");
      hub.bean(ManualRounds.class).turn();
      var metrics = hub.get("eve", "/prometheus").response().body();

      var described =
          metrics
              .lines()
              .filter(line -> line.startsWith("# HELP "))
              .map(line -> line.strip().split(" ", 4))
              .filter(words -> words.length == 4)
              .map(words -> words[2])
              .toList();
      var types =
          metrics
              .lines()
              .filter(line -> line.startsWith("# TYPE "))
              .map(line -> line.split(" ", 4)[2])
              .toList();
      assertThat(described).contains("approvalhub_deliveries_total").containsAll(types);
      assertThat(types).noneMatch(name -> name.matches(".*_(ns|ms)(_.*)?|.*(?<!_bucket)_count"));
    }
  }

  @Test
  void aContextPathOpensNothing() {
    var settings = Map.<String, Object>of("micronaut.server.context-path", "/hub");
    try (var hub = TestHub.start(folder, CONFIGURATION, true, settings)) {
      for (var path : List.of("/prometheus", "/v2/approvals", "/agents/local/v1/models")) {
        assertThat(hub.get("", "/hub" + path).status()).as(path).isEqualTo(401);
        assertThat(hub.get("", path).status()).as(path).isEqualTo(404);
      }
      assertThat(hub.get("", "/hub/agents/local/key=wrong/v1/models").status()).isEqualTo(401);
      assertThat(hub.get("ci", "/hub/prometheus").status()).isEqualTo(403);
      assertThat(hub.get("eve", "/hub/v2/approvals").status()).isEqualTo(200);
      assertThat(hub.get("", "/hub/health").status()).isEqualTo(200);
    }
  }

  @Test
  void anEndpointThatAnOperatorSwitchesOnIsOpenToNobody() {
    var settings =
        Map.<String, Object>of("endpoints.env.enabled", true, "endpoints.env.sensitive", false);
    try (var hub = TestHub.start(folder, CONFIGURATION, true, settings)) {
      assertThat(hub.get("", "/env").status()).isEqualTo(401);
      assertThat(hub.get("alice", "/env").status()).isEqualTo(403);
    }
  }

  @Test
  void theRelayIsForAgentsOnly() {
    try (var hub = TestHub.start(folder, CONFIGURATION, true)) {
      assertThat(hub.get("alice", "/agents/local/v1/models").status()).isEqualTo(403);
      assertThat(hub.get("eve", "/agents/local/v1/models").status()).isEqualTo(403);
      assertThat(hub.get("", "/agents/local/v1/models").status()).isEqualTo(401);
    }
  }
}
