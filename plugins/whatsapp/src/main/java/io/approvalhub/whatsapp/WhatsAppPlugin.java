package io.approvalhub.whatsapp;

import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.Settings;

/// The platform `whatsapp`.
public final class WhatsAppPlugin implements NotificationPlugin {

  @Override
  public String name() {
    return "whatsapp";
  }

  @Override
  public Channel open(Settings settings, Hub hub) {
    return new WhatsAppChannel(WhatsAppSettings.from(settings), hub);
  }
}
