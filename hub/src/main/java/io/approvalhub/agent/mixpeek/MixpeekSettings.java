package io.approvalhub.agent.mixpeek;

import io.approvalhub.agent.relay.ApprovalEvents;
import io.approvalhub.plugin.Settings;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// @param namespace for every call; without it, the one that each client names
record MixpeekSettings(
    URI url, String key, Optional<String> namespace, ApprovalEvents approvalEvents) {

  static final String NAMESPACE = "X-Namespace";

  static MixpeekSettings from(Settings settings) {
    return new MixpeekSettings(
        settings.address("url"),
        settings.text("api-key"),
        settings.optional("namespace"),
        settings.choice("approval-events", ApprovalEvents.WITHHELD));
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
