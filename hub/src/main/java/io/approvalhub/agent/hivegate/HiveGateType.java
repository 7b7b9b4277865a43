package io.approvalhub.agent.hivegate;

import io.approvalhub.agent.Agent;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.AgentType;
import io.approvalhub.agent.WaitingList;
import io.approvalhub.plugin.Settings;
import jakarta.inject.Singleton;
import java.time.Duration;

/// `hivegate`: settings `url`, `api-key`, `poll-interval`.
@Singleton
final class HiveGateType implements AgentType {

  @Override
  public String type() {
    return "hivegate";
  }

  @Override
  public Agent open(Settings settings, AgentHub hub) {
    var client =
        new HiveGateClient(hub.name(), settings.address("url"), settings.optional("api-key"));
    var waiting = new WaitingList(hub, new HiveGateList(client, hub));
    hub.poll(settings, Duration.ofSeconds(1), waiting::poll);
    return new HiveGateAgent(client);
  }
}
