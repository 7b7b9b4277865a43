package io.approvalhub.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.plugin.Action;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One hub, every agent and every platform: each agent is approved and denied by a click on each.
final class MatrixTest {

  private static final List<Action> ACTIONS = List.of(Action.APPROVE, Action.DENY);

  @TempDir private Path folder;
  private final Set<String> green = new ConcurrentSkipListSet<>();
  private final Map<String, String> failures = new ConcurrentSkipListMap<>();
  private List<MatrixRow> rows = List.of();
  private Optional<HubProcess> hub = Optional.empty();

  @BeforeEach
  void start() {
    rows =
        List.of(
            new MatrixRow("push", new AskingScript(), FivePlatforms.bySocket()),
            new MatrixRow("hivegate", PolledAgent.hiveGate(), FivePlatforms.byHttp()),
            new MatrixRow("agentflow", PolledAgent.agentFlow(), FivePlatforms.bySocket()),
            new MatrixRow("mistralrs", StreamedAgent.mistralRs(), FivePlatforms.byHttp()),
            new MatrixRow("mixpeek", StreamedAgent.mixpeek(), FivePlatforms.bySocket()),
            new MatrixRow("aar", new AskingAar(), FivePlatforms.byHttp()));
    var started = new HubProcess(folder, configuration());
    hub = Optional.of(started);
    rows.forEach(row -> row.callBack(started.address()));
  }

  @AfterEach
  void stop() {
    hub.ifPresent(HubProcess::close);
    rows.forEach(MatrixRow::close);
  }

  @Test
  void everyAgentIsApprovedAndDeniedFromEveryPlatform() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var row : rows) {
        for (var platform : FivePlatforms.ALL) {
          ACTIONS.forEach(action -> threads.execute(() -> play(row, platform, action)));
        }
      }
    }
    new PrintStream(System.out, true, UTF_8).print(table());
    assertThat(failures).isEmpty();
    assertThat(green).hasSize(rows.size() * FivePlatforms.ALL.size() * ACTIONS.size());
    assertThat(rows).allSatisfy(row -> assertThat(row.platforms().refused()).isEmpty());
  }

  private void play(MatrixRow row, String platform, Action action) {
    try {
      row.play(hub.orElseThrow().address(), platform, action);
      green.add(cell(row, platform, action));
    } catch (RuntimeException | AssertionError e) {
      failures.put(cell(row, platform, action), e.toString());
    }
  }

  private String configuration() {
    return """
    hub:
      keys:
    %speople:
      alice: %s
    agents:
    %schannels:
    %s\
    """
        .formatted(
            rows.stream().map(MatrixRow::key).collect(joining()),
            FivePlatforms.people(),
            rows.stream().map(MatrixRow::settings).collect(joining()),
            rows.stream().map(MatrixRow::channels).collect(joining()));
  }

  private String table() {
    var table = new StringBuilder(line("", FivePlatforms.ALL));
    for (var row : rows) {
      var cells = FivePlatforms.ALL.stream().map(platform -> marks(row, platform)).toList();
      table.append(line(row.name(), cells));
    }
    return table.toString();
  }

  private String marks(MatrixRow row, String platform) {
    return ACTIONS.stream()
        .map(
            action ->
                MatrixRow.word(action)
                    + (green.contains(cell(row, platform, action)) ? " ✓" : " ✗"))
        .collect(joining(" "));
  }

  private static String line(String first, List<String> others) {
    var cells = others.stream().map("%-18s"::formatted).collect(joining());
    return "%-11s%s".formatted(first, cells).stripTrailing() + "\n";
  }

  private static String cell(MatrixRow row, String platform, Action action) {
    return String.join(" ", row.name(), platform, MatrixRow.word(action));
  }
}
