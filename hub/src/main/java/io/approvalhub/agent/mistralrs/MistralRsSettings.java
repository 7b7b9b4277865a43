package io.approvalhub.agent.mistralrs;

import io.approvalhub.agent.relay.ApprovalEvents;
import io.approvalhub.plugin.Settings;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/// @param key for a proxy before mistral.rs, which itself asks for none
/// @param remember whether people may approve for the rest of a session
record MistralRsSettings(
    URI url, Optional<String> key, ApprovalEvents approvalEvents, boolean remember) {

  static MistralRsSettings from(Settings settings) {
    return new MistralRsSettings(
        settings.address("url"),
        settings.optional("api-key"),
        settings.choice("approval-events", ApprovalEvents.WITHHELD),
        settings.flag("remember", false));
  }

  Map<String, String> headers() {
    return key.map(value -> Map.of("Authorization", "Bearer " + value)).orElse(Map.of());
  }

  @Override
  public String toString() {
    return "MistralRsSettings[" + url + "]";
  }
}
