package io.approvalhub.demo;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The terminal that somebody sits at, as `stty` knows it.
final class Terminal {

  /// How it was set before; empty where that cannot be found out, and then it is left as it is.
  private final Optional<String> before;

  Terminal(Optional<String> before) {
    this.before = before;
  }

  /// Empty when nobody sits there: input or output is a file or a pipe.
  static Optional<Terminal> find() {
    var console = System.console();
    return console != null && console.isTerminal()
        ? Optional.of(new Terminal(stty("-g")))
        : Optional.empty();
  }

  boolean hasSingleKeys() {
    return before.isPresent();
  }

  /// Hands over every key at once and does not show it.
  void singleKeys() {
    before.ifPresent(_ -> stty("-icanon", "-echo", "min", "1", "time", "0"));
  }

  /// Hands over lines, as it was before.
  void wholeLines() {
    before.ifPresent(Terminal::stty);
  }

  int columns() {
    return stty("size")
        .filter(size -> size.matches("\\d+ [1-9]\\d*"))
        .map(size -> Integer.parseInt(size.substring(size.indexOf(' ') + 1)))
        .orElse(80);
  }

  private static Optional<String> stty(String... arguments) {
    var command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(arguments));
    try {
      var process =
          new ProcessBuilder(command)
              .redirectInput(new File("/dev/tty"))
              .redirectError(Redirect.DISCARD)
              .start();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? Optional.of(said.strip()) : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
