package io.approvalhub.channel;

import io.approvalhub.access.Approvers;
import io.approvalhub.access.People;
import io.approvalhub.approval.Target;
import io.approvalhub.configuration.Configuration;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Context;
import jakarta.annotation.PreDestroy;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The configured channels, opened while the hub starts.
@Context
public final class Channels implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Channels.class);

  private final ChannelServices services;
  private final InstantSource clock;
  private final People people;
  private final Map<String, OpenChannel> channels = new LinkedHashMap<>();
  private final Map<String, ChannelHub> hubs = new LinkedHashMap<>();

  Channels(
      Configuration configuration,
      Plugins plugins,
      People people,
      BeanProvider<Approvers> approvers,
      ChannelServices services,
      InstantSource clock) {
    this.services = services;
    this.clock = clock;
    this.people = people;
    plugins.check(people);
    ChannelSettings.all(configuration).forEach(settings -> open(plugins, settings));
    // Only now: with an unknown plugin, a person's missing id would be the wrong complaint.
    approvers
        .get()
        .deserted()
        .forEach(channel -> LOG.warn("nobody may decide channel={} next=set approvers", channel));
  }

  public Collection<OpenChannel> all() {
    return channels.values();
  }

  Optional<OpenChannel> find(String name) {
    return Optional.ofNullable(channels.get(name));
  }

  /// Ends every connection, then every channel.
  @Override
  @PreDestroy
  public void close() {
    services.supervisor().close();
    hubs.values().forEach(ChannelHub::close);
    channels.values().forEach(Channels::close);
  }

  private void open(Plugins plugins, ChannelSettings settings) {
    var name = settings.name();
    var contact = services.contacts().of(Target.channel(name));
    var hub = new ChannelHub(name, services, clock, people.reader());
    var channel = plugins.plugin(settings).open(settings.settings(), hub);
    settings.settings().refuseUnknown();
    channel.person().map(id -> people.reader(settings.plugin(), id)).ifPresent(hub::readBy);
    hubs.put(name, hub);
    channels.put(name, new OpenChannel(hub, channel, contact));
    LOG.info("opened channel={} plugin={}", name, settings.plugin());
  }

  private static void close(OpenChannel open) {
    try {
      open.channel().close();
    } catch (RuntimeException e) {
      LOG.warn("not closed channel={} because={}", open.name(), e.getMessage());
    }
  }
}
