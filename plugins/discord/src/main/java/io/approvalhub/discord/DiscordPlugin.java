package io.approvalhub.discord;

import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.Settings;
import java.time.Duration;

/// Discord. Clicks come in by the gateway, or by HTTP when there is a `public-key`.
public final class DiscordPlugin implements NotificationPlugin {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Override
  public String name() {
    return "discord";
  }

  @Override
  public Channel open(Settings settings, Hub hub) {
    var discord = DiscordSettings.from(settings);
    var api = new DiscordApi(discord, hub.clock());
    var channel = new DiscordChannel(discord, api, hub);
    if (discord.publicKey().isEmpty()) {
      hub.connect("gateway", new DiscordGateway(discord, api, hub, PATIENCE, channel::interacted));
    }
    return channel;
  }
}
