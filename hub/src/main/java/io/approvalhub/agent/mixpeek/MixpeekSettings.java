package io.approvalhub.agent.mixpeek;

import io.approvalhub.agent.relay.ApprovalEvents;
import io.approvalhub.agent.relay.OpenCalls;
import io.approvalhub.plugin.Settings;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// @param namespace for every call; without it, the one that each client names
record MixpeekSettings(
    URI url,
    String key,
    Optional<String> namespace,
    ApprovalEvents approvalEvents,
    OpenCalls open) {

  static final String NAMESPACE = "X-Namespace";

  static MixpeekSettings from(Settings settings) {
    return new MixpeekSettings(
        settings.address("url"),
        settings.text("api-key"),
        settings.optional("namespace"),
        settings.choice("approval-events", ApprovalEvents.WITHHELD),
        OpenCalls.of(
            settings,
            "POST /v1/agents/sessions",
            "POST /v1/agents/sessions/list",
            "GET /v1/agents/sessions/tools",
            "GET /v1/agents/sessions/{session}",
            "PATCH /v1/agents/sessions/{session}",
            "DELETE /v1/agents/sessions/{session}",
            "POST /v1/agents/sessions/{session}/messages",
            "GET /v1/agents/sessions/{session}/history",
            "POST /v1/agents/sessions/{session}/feedback",
            "POST /v1/agents/sessions/intent/detect",
            "GET /v1/agents/sessions/{session}/continuation"));
  }

  Map<String, String> headers() {
    return headers(namespace);
  }

  Map<String, String> headers(Optional<String> space) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Authorization", "Bearer " + key);
    space.ifPresent(name -> headers.put(NAMESPACE, name));
    return headers;
  }

  @Override
  public String toString() {
    return "MixpeekSettings[" + url + "]";
  }
}
