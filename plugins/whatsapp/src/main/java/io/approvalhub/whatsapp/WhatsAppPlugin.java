package io.approvalhub.whatsapp;

import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.Settings;
import io.approvalhub.plugin.StandIn;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/// The platform `whatsapp`.
public final class WhatsAppPlugin implements NotificationPlugin {

  /// What it takes for an answer to every call.
  private static final String ANSWER = "{\"messages\": [{\"id\": \"wamid.1\"}]}";

  @Override
  public String name() {
    return "whatsapp";
  }

  @Override
  public Channel open(Settings settings, Hub hub) {
    return new WhatsAppChannel(WhatsAppSettings.from(settings), hub);
  }

  @Override
  public Optional<String> personIdProblem(String id) {
    return WhatsAppSettings.isPerson(id)
        ? Optional.empty()
        : Optional.of("must be " + WhatsAppSettings.PERSON_FORM);
  }

  @Override
  public Optional<StandIn> standIn() {
    return Optional.of(new StandIn(WhatsAppPlugin::example, _ -> ANSWER));
  }

  private static Map<String, Object> example(URI api) {
    return Map.of(
        "api", api + "/v23.0",
        "access-token", "example",
        "phone-number-id", "100000001",
        "to", "15550100001",
        "app-secret", "example",
        "verify-token", "example",
        "template", "approval");
  }
}
