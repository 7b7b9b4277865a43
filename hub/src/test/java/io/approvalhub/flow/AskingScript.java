package io.approvalhub.flow;

import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// An agent that is a script, run once for each tool call: it asks the hub, waits there for the
/// decision, and prints it.
final class AskingScript implements AskingAgent {

  private static final Path SCRIPT =
      Path.of("src", "test", "resources", "asking_script.py").toAbsolutePath();

  private final Map<String, Process> runs = new ConcurrentHashMap<>();
  private final Map<String, String> outputs = new ConcurrentHashMap<>();

  @Override
  public String settings() {
    return "{\"type\": \"push\"}";
  }

  @Override
  public void ask(URI hub, String mark) {
    var command = List.of("python3", SCRIPT.toString(), hub.toString(), "push", mark);
    try {
      runs.put(
          mark, new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<Verdict> told(String mark) {
    var run = run(mark);
    return run.isAlive() ? List.of() : output(mark).lines().map(AskingScript::verdict).toList();
  }

  @Override
  public boolean obeyed(String mark, Verdict verdict) {
    return !run(mark).isAlive() && run(mark).exitValue() == (verdict == Verdict.APPROVE ? 0 : 1);
  }

  @Override
  public void close() {
    runs.values().forEach(Process::destroyForcibly);
  }

  private Process run(String mark) {
    return Optional.ofNullable(runs.get(mark)).orElseThrow();
  }

  private String output(String mark) {
    return outputs.computeIfAbsent(
        mark,
        _ -> {
          try (var out = run(mark).inputReader()) {
            return out.readAllAsString();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static Verdict verdict(String line) {
    try {
      return AgentProcess.verdict(Json.parse(line).path("status").asText());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
