package io.approvalhub.breaking;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A few runs in every build, so that the harness does not rot. Hundreds are made by `mvn
/// -Pbreaking`.
final class BreakingTest {

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  @TempDir private Path folder;

  @Test
  void aFewRunsKeepEveryPromise() throws InterruptedException {
    var seed = LongStream.range(0, 200).filter(BreakingTest::kills).findFirst().orElseThrow();
    var options = Options.of("--runs=2", "--seed=" + seed);

    var results = new Breaking(options, folder, new PrintStream(said, true, UTF_8)).run();

    assertThat(results).hasSize(2).as(said.toString(UTF_8)).allMatch(Run.Result::good);
    assertThat(said.toString(UTF_8))
        .contains("seed=" + seed + " kept", "killed", "2 runs, 2 kept every promise");
  }

  private static boolean kills(long seed) {
    return Schedule.draw(seed, 1, false).strikes().stream()
        .anyMatch(strike -> strike.fault().kind().equals("killed"));
  }

  @Test
  void theSameSeedMakesTheSameSchedule() {
    assertThat(Schedule.draw(7, 3, true)).isEqualTo(Schedule.draw(7, 3, true));
    assertThat(Schedule.draw(7, 3, true)).isNotEqualTo(Schedule.draw(8, 3, true));
  }

  @Test
  void everyFaultIsDrawnSoonerOrLater() {
    var kinds =
        LongStream.range(0, 200)
            .boxed()
            .flatMap(seed -> Schedule.draw(seed, 3, true).strikes().stream())
            .map(strike -> strike.fault().kind())
            .distinct()
            .toList();
    assertThat(kinds)
        .containsAll(
            List.of(
                "killed",
                "ended",
                "paused",
                "jumped",
                "replayed",
                "database killed",
                "database paused",
                "calls half closed",
                "calls silent",
                "poisoned row",
                "poisoned calls",
                "poisoned click",
                "callbacks late"));
  }
}
