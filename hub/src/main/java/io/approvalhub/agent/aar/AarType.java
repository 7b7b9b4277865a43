package io.approvalhub.agent.aar;

import io.approvalhub.agent.Agent;
import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.AgentType;
import io.approvalhub.agent.relay.OpenCalls;
import io.approvalhub.plugin.Settings;
import jakarta.inject.Singleton;
import java.util.Map;

/// `aar`: settings `url`, `api-key`, `pass`.
@Singleton
final class AarType implements AgentType {

  @Override
  public String type() {
    return "aar";
  }

  @Override
  public Agent open(Settings settings, AgentHub hub) {
    var key = settings.optional("api-key");
    return new AarAgent(
        settings.address("url"),
        key.map(value -> Map.of("Authorization", "Bearer " + value)).orElse(Map.of()),
        OpenCalls.of(
            settings,
            "POST /chat",
            "POST /chat/stream",
            "GET /sessions",
            "GET /sessions/{session}",
            "GET /health"));
  }
}
