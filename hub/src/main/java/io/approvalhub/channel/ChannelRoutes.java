package io.approvalhub.channel;

import io.approvalhub.approval.Routes;
import io.approvalhub.configuration.Configuration;
import jakarta.inject.Singleton;
import java.util.List;

/// Shows each approval in every channel that does not restrict itself to other agents.
@Singleton
final class ChannelRoutes implements Routes {

  private final List<ChannelSettings> channels;

  ChannelRoutes(Configuration configuration) {
    channels = ChannelSettings.all(configuration);
  }

  @Override
  public List<String> channels(String agent) {
    return channels.stream()
        .filter(channel -> channel.shows(agent))
        .map(ChannelSettings::name)
        .toList();
  }
}
