package io.approvalhub.agent.agentflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.kit.Json;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FakeAgentFlowTest {

  @ParameterizedTest
  @EnumSource(Generation.class)
  void itRunsAsAProcess(Generation generation) throws IOException, InterruptedException {
    var process = process(generation.name().toLowerCase(Locale.ROOT));
    try (var in = process.outputWriter();
        var out = process.inputReader()) {
      assertThat(Json.parse(out.readLine()).path("type").asText()).isEqualTo("agentflow");
      in.write("{\"ask\": {\"tool\": \"t\", \"arguments\": {}}}\n");
      in.flush();
      assertThat(out.readLine()).isEqualTo("{\"id\":\"appr_000001\"}");
    }
    assertThat(process.waitFor()).isZero();
  }

  private static Process process(String generation) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            FakeAgentFlow.class.getName(),
            generation)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
