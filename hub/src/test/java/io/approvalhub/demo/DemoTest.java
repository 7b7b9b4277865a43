package io.approvalhub.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.TestHub;
import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Printed printed = Printed.plain();

  @TempDir Path folder;

  @Test
  void theAgentReceivesExactlyWhatTheScriptDecides() {
    var exit = run(new Script(printed.screen()), TestHub::start, MINUTE);
    assertThat(printed.text())
        .contains(
            """
            What the agent received
              run_shell     denied
              http_request  denied: Use the test account
              send_email    approved
            """)
        .containsPattern(
            "  send_email    approved by you after \\d+\\.\\d s, delivered to the agent")
        .containsPattern("  http_request  denied by you after \\d+\\.\\d s, delivered to the agent")
        .containsPattern("  run_shell     denied by you after \\d+\\.\\d s, delivered to the agent")
        .contains("The agent received exactly what was decided.");
    assertThat(exit).isZero();
  }

  @Test
  void everythingIsShownButSecretsAndWhatCannotBeSeen() {
    run(new Script(printed.screen()), TestHub::start, MINUTE);
    assertThat(printed.text())
        .contains("│ Thank you for your patience. ")
        .contains("headers: {\"Authorization\":\"[masked")
        .doesNotContain("4f9c2a71e8d05b36")
        .contains("/backups/[U+202E]dlo")
        .doesNotContain("\u202E")
        .contains("│ Approved by you · agent resumed")
        .contains("│ Denied by you: Use the test account · agent told");
  }

  /// Two lines are left for the command and for the keys.
  @Test
  void theStartStaysOnAScreenOf24Lines() {
    var terminal = new Printed(UTF_8, 80, false);
    run(terminal, Optional::empty, TestHub::start, MINUTE);
    var start = terminal.text().substring(0, terminal.text().indexOf("The agent still waits"));
    assertThat(start.lines())
        .contains("1 of 3", "│ rm -rf /backups/[U+202E]dlo")
        .hasSizeBetween(15, 22);
  }

  @Test
  void whoeverLeavesDecidesNothing() {
    var exit = run(Optional::empty, TestHub::start, MINUTE);
    assertThat(printed.text())
        .contains("1 of 3")
        .endsWith("The agent still waits. What nobody approves does not run.\n")
        .doesNotContain("What the agent received");
    assertThat(exit).isZero();
  }

  @Test
  void aHubThatShowsNothingIsGivenUp() {
    var exit = run(Optional::empty, this::startWithWrongKey, Duration.ofSeconds(2));
    assertThat(printed.text())
        .contains("The hub has not shown an approval within 2 s")
        .contains("What the hub logged: " + folder);
    assertThat(exit).isEqualTo(1);
  }

  @Test
  void aHubThatDoesNotStartSaysWhy() {
    Function<Path, ApplicationContext> broken =
        _ -> {
          throw new IllegalStateException("no room");
        };
    assertThat(run(Optional::empty, broken, MINUTE)).isEqualTo(1);
    assertThat(printed.text()).contains("The hub failed: java.lang.IllegalStateException: no room");
  }

  private int run(Chooser chooser, Function<Path, ApplicationContext> starter, Duration patience) {
    return run(printed, chooser, starter, patience);
  }

  private int run(
      Printed terminal,
      Chooser chooser,
      Function<Path, ApplicationContext> starter,
      Duration patience) {
    try {
      return new Demo(terminal.screen(), chooser, starter, patience)
          .run(new TemporaryFolder(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The agent then refuses the hub.
  private ApplicationContext startWithWrongKey(Path configuration) {
    try {
      var text = Files.readString(configuration).replaceAll("agw_[^\"]*", "wrong");
      return TestHub.start(Files.writeString(configuration, text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
