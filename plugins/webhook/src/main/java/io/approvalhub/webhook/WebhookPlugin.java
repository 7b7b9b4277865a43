package io.approvalhub.webhook;

import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.Settings;

/// Approvals as signed webhooks, decided by signed calls.
public final class WebhookPlugin implements NotificationPlugin {

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public Channel open(Settings settings, Hub hub) {
    return new WebhookChannel(WebhookSettings.from(settings), hub);
  }
}
