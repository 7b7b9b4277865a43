package io.approvalhub.agent.agentflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.approvalhub.plugin.InvalidSettingException;
import io.approvalhub.plugin.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AgentFlowSettingsTest {

  private static final Map<String, Object> MACHINE =
      Map.of(
          "url", "https://flow.test",
          "token-url", "https://acme.auth0.test/oauth/token",
          "client-id", "id",
          "client-secret", "hunter2",
          "tenant", "acme",
          "user", "svc|hub");

  @Test
  void aPersonsTokenNeedsNothingElse() {
    var settings = read(Map.of("url", "https://flow.test", "api-key", "eyJ"));

    assertThat(settings.approvals().pendingPath()).isEqualTo("/api/v1/approvals/pending");
    assertThat(settings.approvals().respondPath()).isEqualTo("/api/v1/approvals/{id}/respond");
    assertThat(settings.approvals().pageSize()).isEqualTo(20);
  }

  @Test
  void theOlderGenerationHasNoPrefix() {
    var settings = read(Map.of("url", "http://localhost:8000", "generation", "a"));

    assertThat(settings.approvals().pendingPath()).isEqualTo("/approvals/pending");
  }

  @Test
  void whatIsMissingOrDoesNotGoTogetherIsNamed() {
    missing("tenant", "agents.flow.tenant is required with token-url");
    missing("user", "agents.flow.user is required with token-url");
    missing("client-secret", "agents.flow.client-secret is required");
    missing("token-url", "agents.flow.token-url is required with client-id");
    refused("api-key", "eyJ", "agents.flow.api-key and token-url exclude each other");
    refused("generation", "c", "agents.flow.generation must be one of [a, b], not 'c'");
    refused("respond-path", "/respond", "agents.flow.respond-path must hold {id}");
    refused("cancel-path", "/{id}?x=y", "agents.flow.cancel-path must be a path");
  }

  @Test
  void secretsDoNotPrint() {
    var settings = read(MACHINE);

    assertThat(settings + " " + settings.credentials().grant().orElseThrow())
        .doesNotContain("hunter2");
    assertThat(new Bearer.Fixed(Optional.of("eyJ")).toString()).doesNotContain("eyJ");
  }

  private static AgentFlowSettings read(Map<String, Object> values) {
    return AgentFlowSettings.from(new Settings("agents.flow", values));
  }

  private static void missing(String key, String message) {
    var values = new HashMap<>(MACHINE);
    values.remove(key);
    refused(values, message);
  }

  private static void refused(String key, String value, String message) {
    var values = new HashMap<>(MACHINE);
    values.put(key, value);
    refused(values, message);
  }

  private static void refused(Map<String, Object> values, String message) {
    assertThatThrownBy(() -> read(values))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith(message);
  }
}
