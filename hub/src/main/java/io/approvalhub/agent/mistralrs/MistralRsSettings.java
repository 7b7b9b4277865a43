package io.approvalhub.agent.mistralrs;

import io.approvalhub.agent.relay.ApprovalEvents;
import io.approvalhub.agent.relay.OpenCalls;
import io.approvalhub.plugin.Settings;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/// @param key for a proxy before mistral.rs, which itself asks for none
/// @param remember whether people may approve for the rest of a session
record MistralRsSettings(
    URI url,
    Optional<String> key,
    ApprovalEvents approvalEvents,
    boolean remember,
    OpenCalls open) {

  static MistralRsSettings from(Settings settings) {
    return new MistralRsSettings(
        settings.address("url"),
        settings.optional("api-key"),
        settings.choice("approval-events", ApprovalEvents.WITHHELD),
        settings.flag("remember", false),
        OpenCalls.of(
            settings,
            "POST /v1/chat/completions",
            "POST /v1/messages",
            "POST /v1/responses",
            "GET /v1/models",
            "GET /v1/models/{model...}",
            "GET /v1/sessions/{session}",
            "PUT /v1/sessions/{session}",
            "DELETE /v1/sessions/{session}",
            "GET /health",
            "GET /api-doc/openapi.json"));
  }

  Map<String, String> headers() {
    return key.map(value -> Map.of("Authorization", "Bearer " + value)).orElse(Map.of());
  }

  @Override
  public String toString() {
    return "MistralRsSettings[" + url + "]";
  }
}
