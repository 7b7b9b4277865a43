package io.approvalhub.agent.hivegate;

import io.approvalhub.agent.Agent;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.AgentType;
import io.approvalhub.agent.SingleCalls;
import io.approvalhub.agent.WaitingList;
import io.approvalhub.agent.relay.Continuations;
import io.approvalhub.agent.relay.OpenStreams;
import io.approvalhub.agent.relay.Orphans;
import io.approvalhub.agent.relay.RelayMemory;
import io.approvalhub.plugin.Settings;
import jakarta.inject.Singleton;
import java.time.Duration;

/// `hivegate`: settings `url`, `api-key`, `poll-interval`, `approval-events`, `pass`.
@Singleton
final class HiveGateType implements AgentType {

  private final Orphans orphans;
  private final OpenStreams streams;
  private final RelayMemory memory;
  private final SingleCalls sent;

  HiveGateType(Orphans orphans, OpenStreams streams, RelayMemory memory, SingleCalls sent) {
    this.orphans = orphans;
    this.streams = streams;
    this.memory = memory;
    this.sent = sent;
  }

  @Override
  public String type() {
    return "hivegate";
  }

  @Override
  public Agent open(Settings settings, AgentHub hub) {
    var own = HiveGateSettings.from(settings);
    var client = new HiveGateClient(hub.name(), own);
    var list = new HiveGateList(client, hub);
    hub.poll(settings, Duration.ofSeconds(1), new WaitingList(hub, list)::poll);
    orphans.watch(hub);
    return new HiveGateAgent(
        own, hub, list, orphans, new Continuations(hub, streams, memory), sent);
  }
}
