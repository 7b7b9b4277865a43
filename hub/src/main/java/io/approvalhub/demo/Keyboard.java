package io.approvalhub.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.Optional;

/// Decides by single keys, or by letters and Enter where the terminal hands over whole lines only.
final class Keyboard implements Chooser {

  private static final String KEYS = "[a] approve  [d] deny  [r] deny with a reason  [q] quit";
  private static final String END_OF_INPUT = "\u0004";

  private final Terminal terminal;
  private final Screen screen;
  private final InputStream in;
  private final Charset charset;

  Keyboard(Terminal terminal, Screen screen, InputStream in) {
    this.terminal = terminal;
    this.screen = screen;
    this.in = in;
    charset = Charset.forName(System.getProperty("stdin.encoding", "UTF-8"));
  }

  @Override
  public Optional<Choice> choose() throws IOException {
    terminal.singleKeys();
    try {
      forget();
      screen.line(terminal.hasSingleKeys() ? KEYS : KEYS + ", then Enter");
      return chosen();
    } finally {
      terminal.wholeLines();
    }
  }

  /// What was typed before this approval was shown is not about it.
  private void forget() throws IOException {
    in.skipNBytes(in.available());
  }

  private Optional<Choice> chosen() throws IOException {
    while (true) {
      switch (key()) {
        case "a" -> {
          return Optional.of(Choice.APPROVE);
        }
        case "d" -> {
          return Optional.of(Choice.DENY);
        }
        case "r" -> {
          var reason = reason();
          if (!reason.isEmpty()) {
            return Optional.of(Choice.denyBecause(reason));
          }
        }
        case "q", END_OF_INPUT -> {
          return Optional.empty();
        }
        default -> {}
      }
      screen.line(KEYS);
    }
  }

  /// Everything that arrives at once is one key: an arrow is an escape and letters, and must not
  /// count as one of them.
  private String key() throws IOException {
    var bytes = new byte[1024];
    var length = in.read(bytes);
    return length < 0 ? END_OF_INPUT : new String(bytes, 0, length, charset).strip();
  }

  private String reason() throws IOException {
    terminal.wholeLines();
    screen.prompt("Reason: ");
    var line = new ByteArrayOutputStream();
    for (var next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
    }
    terminal.singleKeys();
    return line.toString(charset).strip();
  }
}
