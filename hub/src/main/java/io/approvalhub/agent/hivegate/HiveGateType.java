package io.approvalhub.agent.hivegate;

import io.approvalhub.agent.Agent;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.AgentType;
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
    var interval = settings.duration("poll-interval", Duration.ofSeconds(1));
    if (interval.compareTo(Duration.ofMillis(10)) < 0) {
      throw settings.invalid("poll-interval", "must be at least 10ms");
    }
    var client =
        new HiveGateClient(hub.name(), settings.address("url"), settings.optional("api-key"));
    var poller = new HiveGatePoller(client, hub);
    hub.connect(
        "poll",
        () -> {
          while (true) {
            poller.poll();
            Thread.sleep(interval);
          }
        });
    return new HiveGateAgent(client);
  }
}
