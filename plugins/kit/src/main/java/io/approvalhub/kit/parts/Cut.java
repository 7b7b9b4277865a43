package io.approvalhub.kit.parts;

import io.approvalhub.kit.Text;
import io.approvalhub.kit.Words;
import io.approvalhub.plugin.Part;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/// What is shown of a text that is too long: its beginning and its end, and between them how much
/// is missing.
final class Cut {

  private Cut() {}

  /// As much of a part as fits; empty when that is nothing.
  ///
  /// @param most how many UTF-16 units can fit at all
  static Optional<Part> part(Part part, Words words, int most, Predicate<Part> fits) {
    return part instanceof Part.Table table
        ? rows(table, words, fits)
        : text(part, words, most, fits);
  }

  private static Optional<Part> rows(Part.Table table, Words words, Predicate<Part> fits) {
    IntFunction<Part> first =
        keep -> {
          var rows = new ArrayList<>(table.rows().subList(0, keep));
          rows.add(new Part.Row("…", words.text("cut.rows", table.rows().size() - keep)));
          return new Part.Table(rows);
        };
    var keep = Text.greatest(table.rows().size() - 1, most -> fits.test(first.apply(most)));
    return keep == 0 ? Optional.empty() : Optional.of(first.apply(keep));
  }

  private static Optional<Part> text(Part part, Words words, int room, Predicate<Part> fits) {
    var text = part.text();
    IntFunction<Part> both = keep -> with(part, headAndTail(text, keep, words));
    var keep =
        Text.greatest(Math.min(text.length() - 1, room), most -> fits.test(both.apply(most)));
    return keep == 0 ? Optional.empty() : Optional.of(both.apply(keep));
  }

  /// Two thirds from the beginning and one from the end, by whole lines where lines are short.
  private static String headAndTail(String text, int keep, Words words) {
    var head = lineEnd(text, Text.boundary(text, keep - keep / 3));
    var tail = lineStart(text, Math.max(head, Text.next(text, text.length() - keep / 3)));
    var missing = text.substring(head, tail);
    var lines = missing.chars().filter(unit -> unit == '\n').count();
    if (lines > 1) {
      var end = head == 0 || text.charAt(head - 1) == '\n' ? "" : "\n";
      return text.substring(0, head)
          + end
          + mark(words, "cut.lines", lines)
          + "\n"
          + text.substring(tail);
    }
    var mark = mark(words, "cut.characters", missing.codePointCount(0, missing.length()));
    return text.substring(0, head) + " " + mark + " " + text.substring(tail);
  }

  private static String mark(Words words, String key, long missing) {
    return "[… " + words.text(key, missing) + " …]";
  }

  /// Behind the last line break before, unless that costs more than a third.
  private static int lineEnd(String text, int at) {
    var line = text.lastIndexOf('\n', at - 1) + 1;
    return line > at - at / 3 ? line : at;
  }

  private static int lineStart(String text, int at) {
    var line = text.indexOf('\n', at - 1) + 1;
    return line > 0 && line - at < (text.length() - at) / 3 + 1 ? line : at;
  }

  private static Part with(Part part, String text) {
    return switch (part) {
      case Part.Code code -> new Part.Code(code.label(), code.language(), code.fileName(), text);
      case Part.Diff diff -> new Part.Diff(diff.label(), diff.fileName(), text);
      case Part.Text prose -> new Part.Text(prose.label(), prose.fileName(), text);
      case Part.Json json -> new Part.Json(json.label(), json.fileName(), text, json.quoted());
      case Part.Table table -> table;
    };
  }
}
