package io.approvalhub.agent.hivegate;

import io.approvalhub.agent.relay.ApprovalEvents;
import io.approvalhub.agent.relay.OpenCalls;
import io.approvalhub.plugin.Settings;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

record HiveGateSettings(
    URI url, Optional<String> key, ApprovalEvents approvalEvents, OpenCalls open) {

  static HiveGateSettings from(Settings settings) {
    return new HiveGateSettings(
        settings.address("url"),
        settings.optional("api-key"),
        settings.choice("approval-events", ApprovalEvents.WITHHELD),
        OpenCalls.of(
            settings,
            "POST /v2/agents/{agent}/chat",
            "POST /v2/teams/{team}/runs",
            "GET /v2/runs/{run}/continuation",
            "GET /v2/approvals",
            "GET /v2/approvals/plugins/list",
            "GET /v2/approvals/{job}"));
  }

  Map<String, String> headers() {
    return key.map(value -> Map.of("X-API-Key", value)).orElse(Map.of());
  }

  @Override
  public String toString() {
    return "HiveGateSettings[" + url + "]";
  }
}
