package io.approvalhub.delivery;

import io.approvalhub.agent.Agents;
import io.approvalhub.approval.Changes;
import io.approvalhub.approval.Desk;
import io.approvalhub.approval.Routes;
import io.approvalhub.approval.Selection;
import io.approvalhub.approval.Target;
import io.approvalhub.channel.Channels;
import io.approvalhub.connection.Backoff;
import io.approvalhub.connection.Contacts;
import io.approvalhub.node.Leases;
import io.approvalhub.plugin.Approval.Status;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes every message and every agent agree with the store: one sender for each, woken by commits.
@Singleton
final class Courier {

  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
  private static final String AGENT = Target.agent("");

  private final Deliveries deliveries;
  private final Desk desk;
  private final Routes routes;
  private final List<Sender> senders;
  private final Map<String, List<Sender>> concerned = new ConcurrentHashMap<>();

  Courier(
      Channels channels,
      Agents agents,
      Deliveries deliveries,
      Desk desk,
      Routes routes,
      Leases leases,
      Contacts contacts,
      Changes changes,
      Backoff backoff,
      InstantSource clock,
      MeterRegistry meters) {
    this.deliveries = deliveries;
    this.desk = desk;
    this.routes = routes;
    var recipients = new ArrayList<Recipient>();
    agents.all().forEach(agent -> recipients.add(new AgentRecipient(agent)));
    channels.all().forEach(channel -> recipients.add(new ChannelRecipient(channel)));
    recipients.addAll(left(recipients, contacts));
    senders =
        recipients.stream()
            .map(recipient -> new Sender(recipient, deliveries, leases, backoff, clock, meters))
            .toList();
    senders.forEach(sender -> measure(sender, meters));
    spread();
    changes.listen(agent -> agent.map(this::concerned).orElse(senders).forEach(Sender::wake));
    leases.listen(() -> senders.forEach(Sender::wake));
  }

  /// Those who are shown the approvals of an agent.
  private List<Sender> concerned(String agent) {
    return concerned.computeIfAbsent(
        agent,
        _ -> {
          var targets = new HashSet<>(Set.of(Target.agent(agent)));
          routes.channels(agent).stream().map(Target::channel).forEach(targets::add);
          return senders.stream()
              .filter(sender -> targets.contains(sender.recipient().target()))
              .toList();
        });
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
    var left = deliveries.targets().stream().filter(target -> !known.contains(target)).toList();
    left.stream().filter(target -> !target.startsWith(AGENT)).forEach(this::retire);
    return left.stream()
        .filter(target -> target.startsWith(AGENT))
        .<Recipient>map(target -> new MissingAgent(target, contacts.of(target)))
        .toList();
  }

  private void retire(String target) {
    LOG.warn(
        "retired {} deliveries={} because=no longer configured", target, deliveries.retire(target));
  }

  /// Shows what waits in channels that are new in the configuration.
  private void spread() {
    var selection =
        new Selection(Optional.of(Status.PENDING), Optional.empty(), "", Selection.MOST);
    var page = desk.list(selection);
    while (!page.isEmpty()) {
      page.forEach(desk::spread);
      page =
          desk.list(
              new Selection(
                  selection.status(), selection.agent(), page.getLast().id(), Selection.MOST));
    }
  }

  private void measure(Sender sender, MeterRegistry meters) {
    var target = sender.recipient().target();
    Gauge.builder("approvalhub.behind", deliveries, rows -> rows.behind(target))
        .description("Messages that do not show what is true yet")
        .tag("target", target)
        .register(meters);
  }
}
