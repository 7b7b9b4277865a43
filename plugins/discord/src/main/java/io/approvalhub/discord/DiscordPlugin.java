package io.approvalhub.discord;

import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.Settings;
import io.approvalhub.plugin.StandIn;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Discord. Clicks come in by the gateway, or by HTTP when there is a `public-key`.
public final class DiscordPlugin implements NotificationPlugin {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// The public key of an example in RFC 8032.
  private static final String EXAMPLE_KEY =
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

  /// What it takes for an answer to every call.
  private static final String ANSWER = "{\"id\": \"1\", \"channel_id\": \"1\"}";

  @Override
  public String name() {
    return "discord";
  }

  @Override
  public Channel open(Settings settings, Hub hub) {
    var discord = DiscordSettings.from(settings);
    var api = new DiscordApi(discord, hub.clock());
    var channel = new DiscordChannel(discord, api, hub);
    if (discord.bot().publicKey().isEmpty()) {
      hub.connect("gateway", new DiscordGateway(discord, api, hub, PATIENCE, channel::interacted));
    }
    return channel;
  }

  @Override
  public Optional<String> personIdProblem(String id) {
    return DiscordSettings.snowflake(id)
        ? Optional.empty()
        : Optional.of("must be the id of a Discord user, such as 80351110224678912");
  }

  @Override
  public Optional<StandIn> standIn() {
    return Optional.of(new StandIn(DiscordPlugin::example, _ -> ANSWER));
  }

  private static Map<String, Object> example(URI api) {
    return Map.of(
        "api", api + "/api/v10",
        "token", "example.token.example",
        "application-id", "80351110224678912",
        "channel", "80351110224678912",
        "public-key", EXAMPLE_KEY);
  }
}
