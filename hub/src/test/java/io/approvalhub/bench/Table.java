package io.approvalhub.bench;

import java.util.ArrayList;
import java.util.List;

/// What was measured, as Markdown.
final class Table {

  private final List<String> head;
  private final List<Row> rows = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /// @param head what stands above the table, one line each
  Table(List<String> head) {
    this.head = List.copyOf(head);
  }

  synchronized void add(Row row) {
    rows.add(row);
    System.out.println(line(row.cells()));
  }

  /// Says below the table how something was measured, or what went wrong.
  synchronized void note(String note) {
    if (!notes.contains(note)) {
      notes.add(note);
    }
  }

  synchronized String markdown() {
    var lines = new ArrayList<String>();
    head.forEach(each -> lines.add("- " + each));
    lines.add("");
    lines.add(line(Row.HEAD));
    lines.add("| --- ".repeat(Row.HEAD.size()) + "|");
    rows.forEach(row -> lines.add(line(row.cells())));
    lines.add("");
    notes.forEach(each -> lines.add("- " + each));
    return String.join("\n", lines) + "\n";
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }
}
