package io.approvalhub.delivery;

import io.approvalhub.agent.Agents;
import io.approvalhub.approval.Changes;
import io.approvalhub.approval.Target;
import io.approvalhub.channel.Channels;
import io.approvalhub.connection.Backoff;
import io.approvalhub.connection.Contacts;
import io.micrometer.core.instrument.Gauge;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes every message and every agent agree with the store: one sender for each, woken by commits.
@Singleton
final class Courier {

  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
  private static final String AGENT = Target.agent("");

  private final Services services;
  private final List<Sender> senders;

  Courier(Channels channels, Agents agents, Contacts contacts, Changes changes, Services services) {
    this.services = services;
    var recipients = new ArrayList<Recipient>();
    agents.all().forEach(agent -> recipients.add(new AgentRecipient(agent, services.desk())));
    channels.all().forEach(channel -> recipients.add(new ChannelRecipient(channel)));
    recipients.addAll(left(recipients, contacts));
    senders = recipients.stream().map(recipient -> new Sender(recipient, services)).toList();
    senders.forEach(this::begin);
    services.desk().renew();
    changes.listen(this::wake);
    services.leases().listen(() -> senders.forEach(Sender::wake));
  }

  /// What waited because of a recipient, or was given up on a channel, goes out at once: a restart
  /// may have mended that.
  private void begin(Sender sender) {
    var target = sender.recipient().target();
    services.outbox().free(target);
    if (!target.startsWith(AGENT)) {
      services.outbox().takeUp(target);
    }
    services.outbox().cap(target, services.clock().instant().plus(Backoff.MOST));
    measure(target);
  }

  /// Wakes those who are shown what changed; everybody when that is not known.
  private void wake(Optional<Set<String>> targets) {
    senders.stream()
        .filter(sender -> targets.isEmpty() || targets.get().contains(sender.recipient().target()))
        .forEach(Sender::wake);
  }

  List<Sender> senders() {
    return senders;
  }

  /// Does everything that is due now, on this thread.
  void turn() {
    while (senders.stream().map(Sender::step).reduce(false, Boolean::logicalOr)) {
      // each step may have made others behind
    }
  }

  /// What is left in the store for those who are no longer configured.
  private List<Recipient> left(List<Recipient> configured, Contacts contacts) {
    var known = configured.stream().map(Recipient::target).toList();
    var left =
        services.outbox().targets().stream().filter(target -> !known.contains(target)).toList();
    left.stream().filter(target -> !target.startsWith(AGENT)).forEach(this::retire);
    return left.stream()
        .filter(target -> target.startsWith(AGENT))
        .<Recipient>map(target -> new MissingAgent(target, contacts.of(target)))
        .toList();
  }

  private void retire(String target) {
    LOG.warn(
        "retired {} deliveries={} because=no longer configured",
        target,
        services.outbox().retire(target));
  }

  private void measure(String target) {
    Gauge.builder("approvalhub.behind", services.outbox(), rows -> rows.behind(target))
        .description("Messages that do not show what is true yet")
        .tag("target", target)
        .register(services.meters());
  }
}
