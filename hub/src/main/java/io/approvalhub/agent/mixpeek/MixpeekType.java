package io.approvalhub.agent.mixpeek;

import io.approvalhub.agent.Agent;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.AgentType;
import io.approvalhub.agent.SingleCalls;
import io.approvalhub.agent.relay.Continuations;
import io.approvalhub.agent.relay.OpenStreams;
import io.approvalhub.agent.relay.Orphans;
import io.approvalhub.agent.relay.RelayMemory;
import io.approvalhub.plugin.Settings;
import jakarta.inject.Singleton;

/// `mixpeek`: settings `url`, `api-key`, `namespace`, `approval-events`, `pass`.
@Singleton
final class MixpeekType implements AgentType {

  private final Orphans orphans;
  private final OpenStreams streams;
  private final RelayMemory memory;
  private final SingleCalls calls;

  MixpeekType(Orphans orphans, OpenStreams streams, RelayMemory memory, SingleCalls calls) {
    this.orphans = orphans;
    this.streams = streams;
    this.memory = memory;
    this.calls = calls;
  }

  @Override
  public String type() {
    return "mixpeek";
  }

  @Override
  public Agent open(Settings settings, AgentHub hub) {
    orphans.watch(hub);
    var continuations = new Continuations(hub, streams, memory);
    return new MixpeekAgent(MixpeekSettings.from(settings), hub, orphans, calls, continuations);
  }
}
