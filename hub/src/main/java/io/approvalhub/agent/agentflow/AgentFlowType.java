package io.approvalhub.agent.agentflow;

import io.approvalhub.agent.Agent;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.AgentType;
import io.approvalhub.agent.WaitingList;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.plugin.Settings;
import jakarta.inject.Singleton;
import java.net.http.HttpClient;
import java.time.Duration;

/// `agentflow`: settings as in [AgentFlowSettings], and `poll-interval`.
@Singleton
final class AgentFlowType implements AgentType {

  static final String TYPE = "agentflow";

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Agent open(Settings settings, AgentHub hub) {
    var own = AgentFlowSettings.from(settings);
    var http = JsonHttp.client();
    var client = new AgentFlowClient(hub.name(), own, bearer(own, hub, http), http);
    var waiting = new WaitingList(hub, new AgentFlowList(client, own.generation().takes(), hub));
    hub.poll(settings, Duration.ofSeconds(2), waiting::poll);
    return new AgentFlowAgent(own, client, hub);
  }

  private static Bearer bearer(AgentFlowSettings settings, AgentHub hub, HttpClient http) {
    return settings
        .credentials()
        .grant()
        .<Bearer>map(
            grant ->
                new ClientCredentials(hub.name(), grant.url(), grant.fields(), http, hub.clock()))
        .orElseGet(() -> new Bearer.Fixed(settings.credentials().key()));
  }
}
