package io.approvalhub;

import io.approvalhub.agent.Agents;
import io.approvalhub.channel.Channels;
import io.approvalhub.channel.OpenChannel;
import io.approvalhub.log.Lengths;
import io.approvalhub.node.Node;
import io.micronaut.runtime.server.EmbeddedServer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The first and the last line of a hub in the log.
@Singleton
final class Presence {

  private static final Logger LOG = LoggerFactory.getLogger(Presence.class);

  private final EmbeddedServer server;
  private final Node node;
  private final Channels channels;
  private final Agents agents;
  private final InstantSource clock;
  private final Instant start;

  Presence(
      EmbeddedServer server, Node node, Channels channels, Agents agents, InstantSource clock) {
    this.server = server;
    this.node = node;
    this.channels = channels;
    this.agents = agents;
    this.clock = clock;
    start = clock.instant();
  }

  void started() {
    LOG.info(
        "started address={} node={} version={} channels={} agents={}",
        server.getURI(),
        node.name(),
        version(),
        String.join(",", channels.all().stream().map(OpenChannel::name).toList()),
        String.join(",", agents.all().stream().map(Agents.OpenAgent::name).toList()));
  }

  void ended() {
    var after = Duration.between(start, clock.instant());
    LOG.info("ended node={} after={}", node.name(), Lengths.text(after));
  }

  private static String version() {
    return Optional.ofNullable(Presence.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
