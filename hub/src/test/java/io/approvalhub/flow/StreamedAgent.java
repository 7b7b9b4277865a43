package io.approvalhub.flow;

import io.approvalhub.agent.mistralrs.FakeMistralRs;
import io.approvalhub.agent.mixpeek.FakeMixpeek;
import io.approvalhub.plugin.Verdict;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// An agent whose clients call it through the hub, and read in the same answer what it did after
/// the decision.
final class StreamedAgent implements AskingAgent {

  private final Wire wire;
  private final AgentProcess process;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, CompletableFuture<String>> answers = new ConcurrentHashMap<>();

  private StreamedAgent(Wire wire, Class<?> fake) {
    this.wire = wire;
    process = new AgentProcess(fake);
  }

  static AskingAgent mistralRs() {
    return new StreamedAgent(
        new Wire(
            "{\"type\": \"mistralrs\"}",
            "/agents/mistralrs/v1/chat/completions",
            "{\"model\": \"mcp:%s\", \"stream\": true}",
            "%s",
            "stdout",
            "denied"),
        FakeMistralRs.class);
  }

  static AskingAgent mixpeek() {
    return new StreamedAgent(
        new Wire(
            "{\"type\": \"mixpeek\", \"namespace\": \"ns_1\", \"api-key\": \"%s\"}"
                .formatted(FakeMixpeek.KEY),
            "/agents/mixpeek/v1/agents/sessions/ses_%s/messages",
            "{\"content\": \"delete:%s\"}",
            "conf_%s",
            "tool_result",
            "I will leave the collection"),
        FakeMixpeek.class);
  }

  @Override
  public String settings() {
    var settings = wire.settings.replace("}", ", \"url\": \"%s\"}");
    return settings.formatted(process.ready().path("url").asText());
  }

  @Override
  public void ask(URI hub, String mark) {
    var request =
        HttpRequest.newBuilder(hub.resolve(wire.path.formatted(mark)))
            .headers("X-API-Key", wire.key(), "Content-Type", "application/json")
            .POST(BodyPublishers.ofString(wire.body.formatted(mark)))
            .build();
    var answer = client.sendAsync(request, BodyHandlers.ofString());
    answers.put(mark, answer.thenApply(reply -> reply.statusCode() + " " + reply.body()));
  }

  @Override
  public List<Verdict> told(String mark) {
    return process.verdicts(wire.call.formatted(mark));
  }

  @Override
  public boolean obeyed(String mark, Verdict verdict) {
    var answer = Optional.ofNullable(answers.get(mark)).orElseThrow();
    return answer.isDone() && wire.end(answer.join()).equals(Optional.of(verdict));
  }

  @Override
  public void close() {
    client.shutdownNow();
    process.close();
  }

  /// What differs. In all but the settings and the last two stands `%s` for the mark.
  ///
  /// @param path where its clients post, in the hub
  /// @param body what they post to have a tool called
  /// @param call what its process calls the tool call
  /// @param ran what is in an answer in which the tool ran
  /// @param refused what is in one in which it did not
  private record Wire(
      String settings, String path, String body, String call, String ran, String refused) {

    String key() {
      return path.split("/", 4)[2];
    }

    Optional<Verdict> end(String answer) {
      if (answer.contains(ran) == answer.contains(refused)) {
        return Optional.empty();
      }
      return Optional.of(answer.contains(ran) ? Verdict.APPROVE : Verdict.DENY);
    }
  }
}
