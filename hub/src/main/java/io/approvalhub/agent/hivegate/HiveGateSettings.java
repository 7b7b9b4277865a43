package io.approvalhub.agent.hivegate;

import io.approvalhub.agent.relay.ApprovalEvents;
import io.approvalhub.plugin.Settings;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

record HiveGateSettings(URI url, Optional<String> key, ApprovalEvents approvalEvents) {

  static HiveGateSettings from(Settings settings) {
    return new HiveGateSettings(
        settings.address("url"),
        settings.optional("api-key"),
        settings.choice("approval-events", ApprovalEvents.WITHHELD));
  }

  Map<String, String> headers() {
    return key.map(value -> Map.of("X-API-Key", value)).orElse(Map.of());
  }

  @Override
  public String toString() {
    return "HiveGateSettings[" + url + "]";
  }
}
