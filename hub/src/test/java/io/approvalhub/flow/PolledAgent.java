package io.approvalhub.flow;

import io.approvalhub.agent.agentflow.FakeAgentFlow;
import io.approvalhub.agent.hivegate.FakeHiveGate;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Verdict;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Agents that list what waits, and that the hub tells what was decided.
final class PolledAgent {

  private static final String ARGUMENTS = "{\"to\":\"production\"}";

  private PolledAgent() {}

  static AskingAgent hiveGate() {
    return new HiveGate(new AgentProcess(FakeHiveGate.class));
  }

  static AskingAgent agentFlow() {
    return new AgentFlow(new AgentProcess(FakeAgentFlow.class), new ConcurrentHashMap<>());
  }

  private record HiveGate(AgentProcess process) implements AskingAgent {

    @Override
    public String settings() {
      var settings = Json.object().put("type", "hivegate").put("api-key", FakeHiveGate.KEY);
      return Json.text(settings.put("url", process.ready().path("url").asText()));
    }

    @Override
    public void ask(URI hub, String mark) {
      process.tell(
          "{\"pause\": \"%1$s\", \"tool\": \"%1$s\", \"arguments\": %2$s}"
              .formatted(mark, ARGUMENTS));
    }

    @Override
    public List<Verdict> told(String mark) {
      return process.verdicts("{\"decided\": \"" + mark + "\"}");
    }

    @Override
    public boolean obeyed(String mark, Verdict verdict) {
      return told(mark).equals(List.of(verdict));
    }

    @Override
    public void close() {
      process.close();
    }
  }

  /// @param ids of its approvals, by mark
  private record AgentFlow(AgentProcess process, Map<String, String> ids) implements AskingAgent {

    @Override
    public String settings() {
      return Json.text(process.ready());
    }

    @Override
    public void ask(URI hub, String mark) {
      var ask = "{\"ask\": {\"tool\": \"%s\", \"arguments\": %s}}".formatted(mark, ARGUMENTS);
      ids.put(mark, process.tell(ask).path("id").asText());
    }

    @Override
    public List<Verdict> told(String mark) {
      return process.verdicts("{\"responses\": \"" + id(mark) + "\"}");
    }

    @Override
    public boolean obeyed(String mark, Verdict verdict) {
      var row = process.tell("{\"approval\": \"" + id(mark) + "\"}");
      return AgentProcess.verdict(row.path("status").asText()) == verdict;
    }

    @Override
    public void close() {
      process.close();
    }

    private String id(String mark) {
      return Optional.ofNullable(ids.get(mark)).orElseThrow();
    }
  }
}
