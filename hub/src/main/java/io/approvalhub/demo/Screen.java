package io.approvalhub.demo;

import io.approvalhub.kit.Disclosure;
import java.io.PrintStream;
import java.nio.charset.CharsetEncoder;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/// Prints lines that fit the terminal, with nothing in them that could steer it.
final class Screen {

  private static final int USUAL_WIDTH = 80;
  private static final int NARROWEST = 20;

  /// Longer lines are hard to read, however wide the terminal is.
  private static final int WIDEST = 100;

  /// What a terminal that cannot show these shows instead.
  private static final Map<Integer, String> PLAIN = Map.of((int) '│', "|", (int) '·', "-");

  private final PrintStream out;
  private final CharsetEncoder encoder;
  private final IntSupplier columns;
  private final boolean colours;
  private int width;

  Screen(PrintStream out, IntSupplier columns, boolean colours) {
    this.out = out;
    encoder = out.charset().newEncoder();
    this.columns = columns;
    this.colours = colours;
    measure();
  }

  /// This process's output.
  static Screen of(Optional<Terminal> terminal) {
    var colours = System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM"));
    return terminal
        .map(seen -> new Screen(System.out, seen::columns, colours))
        .orElseGet(() -> new Screen(System.out, () -> USUAL_WIDTH, false));
  }

  /// Looks how wide the terminal is now.
  final void measure() {
    width = Math.clamp(columns.getAsInt(), NARROWEST, WIDEST);
  }

  void gap() {
    out.println();
  }

  void line(String text) {
    line(Colour.NONE, text);
  }

  void line(Colour colour, String text) {
    lines("", Colour.NONE, colour, text, 0);
  }

  /// A line further in.
  void item(String text) {
    lines("  ", Colour.NONE, Colour.NONE, text, 2);
  }

  /// Part of a message: a line with a bar at its left.
  ///
  /// @param hanging how far further in it goes on where it does not fit
  void part(Colour bar, Colour colour, String text, int hanging) {
    lines("│ ", bar, colour, text, hanging);
  }

  /// Leaves the cursor behind the text.
  void prompt(String text) {
    out.print(shown(text));
    out.flush();
  }

  private void lines(String margin, Colour bar, Colour colour, String text, int hanging) {
    var room = width - margin.length();
    for (var line : shown(text).split("\n", -1)) {
      for (var row : Wrapping.rows(line, room, hanging)) {
        var start = row.isEmpty() ? margin.stripTrailing() : margin;
        out.println(painted(bar, shown(start)) + painted(colour, row));
      }
    }
    out.flush();
  }

  private String painted(Colour colour, String text) {
    return colours && colour != Colour.NONE && !text.isBlank()
        ? "\033[" + colour.code + "m" + text + "\033[0m"
        : text;
  }

  private String shown(String text) {
    var shown = new StringBuilder();
    Disclosure.visible(text)
        .replace("\t", "    ")
        .codePoints()
        .forEach(point -> shown.append(shown(point)));
    return shown.toString();
  }

  private String shown(int point) {
    var character = Character.toString(point);
    return encoder.canEncode(character)
        ? character
        : PLAIN.getOrDefault(point, "[U+%04X]".formatted(point));
  }

  enum Colour {
    NONE(""),
    STRONG("1"),
    FAINT("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33");

    private final String code;

    Colour(String code) {
      this.code = code;
    }
  }
}
