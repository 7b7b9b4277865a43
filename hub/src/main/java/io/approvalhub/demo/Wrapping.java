package io.approvalhub.demo;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Breaks a line into rows and loses nothing: but for the indents, the rows in a row are the line.
final class Wrapping {

  private Wrapping() {}

  /// @param hanging how much further in than the line itself the rows after the first one begin
  static List<String> rows(String line, int width, int hanging) {
    var indent = " ".repeat(Math.min(indent(line) + hanging, width / 2));
    var rows = new ArrayList<String>();
    var rest = line;
    while (columns(rest) > width) {
      var end = end(rest, rows.isEmpty() ? 0 : indent.length(), width);
      rows.add(rest.substring(0, end));
      rest = indent + rest.substring(end);
    }
    rows.add(rest);
    return rows;
  }

  /// How many columns of a terminal a text takes.
  static int columns(String text) {
    return text.codePoints().map(Wrapping::columns).sum();
  }

  private static int columns(int point) {
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> 0;
      default -> wide(point) ? 2 : 1;
    };
  }

  private static boolean wide(int point) {
    return Character.isEmojiPresentation(point)
        || Character.isIdeographic(point)
        || (point >= 0x1100 && point <= 0x115F)
        || (point >= 0x3000 && point <= 0x30FF)
        || (point >= 0xAC00 && point <= 0xD7A3)
        || (point >= 0xFF01 && point <= 0xFF60);
  }

  /// The last place that fits between two words, or else between two characters, and is past
  /// `start`.
  private static int end(String text, int start, int width) {
    var most = fitting(text, width);
    var words = text.lastIndexOf(' ', most - 1) + 1;
    return words > indent(text) ? words : Math.max(most, start + 1);
  }

  private static int fitting(String text, int width) {
    var characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(text);
    var end = 0;
    while (columns(text.substring(0, characters.next())) <= width) {
      end = characters.current();
    }
    return end;
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }
}
