package io.approvalhub.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.approvalhub.TestHub;
import io.approvalhub.agent.hivegate.FakeHiveGate;
import io.approvalhub.testkit.FakeProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Places a hub runs in that are not like a developer's machine.
final class PlacesTest {

  private static final String RAISED = "{\"tool_name\":\"deploy\",\"tool_args\":{}}";

  private static final String BEHIND_A_PROXY =
      """
      hub:
        keys:
          ci: {key: ci, role: agent, agent: local}
          eve: {key: eve, role: observer}
      people:
        alice: {slack: U0123ABCD, telegram: "42", discord: "80351110224678912", whatsapp: "4915112345678", webhook: a}
      agents:
        local: {type: push}
        secure: {type: hivegate, url: "https://secure.test", api-key: k}
        plain: {type: hivegate, url: "http://plain.test:8000", api-key: k}
        flow: {type: agentflow, url: "https://flow.test", api-key: k}
        near: {type: hivegate, url: "%s", api-key: "%s", poll-interval: 50ms}
        inside: {type: hivegate, url: "http://inside.invalid:8000", api-key: k, poll-interval: 50ms}
      channels:
        hook:
          plugin: webhook
          approvers: [alice]
          settings: {url: "https://hooks.test/x", secret: "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"}
        phone:
          plugin: telegram
          approvers: [alice]
          settings: {api: "https://telegram.test", token: "123456789:AAE0123456789abcdefghijklmnopqrstuv", chat: "42"}
        ops:
          plugin: slack
          approvers: [alice]
          settings: {api: "https://slack.test/api", bot-token: xoxb-1-2, app-token: xapp-1-2, channel: C0123456}
        guild:
          plugin: discord
          approvers: [alice]
          settings: {api: "https://discord.test/api/v10", token: abc, application-id: "80351110224678912", channel: "80351110224678913"}
        mobile:
          plugin: whatsapp
          approvers: [alice]
          settings: {api: "https://whatsapp.test/v23.0", access-token: t, phone-number-id: "1", to: "4915112345678", app-secret: s, verify-token: v, template: approval}
      """;

  @TempDir private Path folder;

  @Test
  void aHubNeedsNoFolderForTemporaryFiles() throws IOException {
    var file = Files.createFile(folder.resolve("file"));
    var options = List.of("-Djava.io.tmpdir=" + file.resolve("tmp"));
    var configuration = "hub:\n  data: ./data\n" + TestHub.KEYS + LOCAL;
    try (var hub = new HubProcess(folder, configuration, options, Map.of())) {
      assertThat(hub.post("ci", "/v2/approvals", RAISED)).contains("\"status\":\"pending\"");
      var unpacked = folder.resolve("data/native");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(unpacked)))
          .isEqualTo("rwx------");
      assertThat(left(unpacked)).isEqualTo(1);
      hub.kill();
      hub.restart();
      assertThat(left(unpacked)).isEqualTo(1);
      assertThat(hub.get("eve", "/v2/approvals")).contains("deploy");
    }
  }

  @Test
  void everyClientAsksTheProxyOfTheEnvironment() {
    try (var proxy = new FakeProxy();
        var near = new FakeHiveGate()) {
      var configuration = BEHIND_A_PROXY.formatted(near.address(), FakeHiveGate.KEY);
      var environment =
          Map.of(
              "HTTPS_PROXY", proxy.address(),
              "http_proxy", proxy.address(),
              "NO_PROXY", "example.com,.invalid");
      try (var hub = new HubProcess(folder, configuration, List.of(), environment)) {
        hub.post("ci", "/v2/approvals", RAISED);
        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(
                () ->
                    assertThat(proxy.asked())
                        .containsExactlyInAnyOrder(
                            "secure.test:443",
                            "plain.test:8000",
                            "flow.test:443",
                            "hooks.test:443",
                            "telegram.test:443",
                            "slack.test:443",
                            "discord.test:443",
                            "whatsapp.test:443"));
        near.pause("run:call_1", "nearby", "{}");
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> hub.get("eve", "/v2/approvals").contains("nearby"));
      }
    }
  }

  private static long left(Path unpacked) throws IOException {
    try (var files = Files.list(unpacked)) {
      return files.filter(file -> !file.toString().endsWith(".lck")).count();
    }
  }

  private static final String LOCAL =
      """
      people:
        alice: {telegram: "42"}
        bob: {telegram: "43"}
      agents:
        local: {type: push}
        second: {type: push}
      """;
}
