package io.approvalhub.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demo as a process of its own, with pipes instead of a terminal.
class DemoProcessTest {

  @TempDir Path folder;

  @Test
  void withoutATerminalTheScriptDecides() throws Exception {
    var process = start("demo");
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(output())
        .startsWith("\nApproval Hub\n")
        .contains("Decided by the script: approve")
        .contains("The agent received exactly what was decided.")
        .doesNotContain("\033", "INFO", "WARN");
    assertThat(process.exitValue()).isZero();
    assertThat(temporary()).isEmptyDirectory();
  }

  @Test
  void anOptionThatThereIsNotIsRefused() throws Exception {
    var process = start("demo", "--fast");
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(output())
        .isEqualTo("approval-hub: there is no option '--fast'; try approval-hub help\n");
    assertThat(process.exitValue()).isEqualTo(2);
  }

  private Process start(String... arguments) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dstdout.encoding=UTF-8",
                "-Djava.io.tmpdir=" + Files.createDirectories(temporary()),
                "-cp",
                System.getProperty("java.class.path"),
                "io.approvalhub.Application"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output").toFile())
        .start();
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("output"), UTF_8);
  }

  private Path temporary() {
    return folder.resolve("tmp");
  }
}
