package io.approvalhub.agent.mistralrs;

import io.approvalhub.agent.Agent;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.AgentType;
import io.approvalhub.agent.SingleCalls;
import io.approvalhub.agent.relay.Orphans;
import io.approvalhub.plugin.Settings;
import jakarta.inject.Singleton;

/// `mistralrs`: settings `url`, `api-key`, `approval-events`, `remember`, `pass`.
@Singleton
final class MistralRsType implements AgentType {

  private final Orphans orphans;
  private final SingleCalls calls;

  MistralRsType(Orphans orphans, SingleCalls calls) {
    this.orphans = orphans;
    this.calls = calls;
  }

  @Override
  public String type() {
    return "mistralrs";
  }

  @Override
  public Agent open(Settings settings, AgentHub hub) {
    orphans.watch(hub);
    var context = orphans.context().toString();
    return new MistralRsAgent(MistralRsSettings.from(settings), hub, calls, context);
  }
}
