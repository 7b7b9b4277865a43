package io.approvalhub.plugin;

import java.util.List;
import java.util.stream.Collectors;

/// A piece of a tool call as people read it.
///
/// The parts of a call, in the order in which they should be read, hold every value of its
/// arguments, each once: whoever has read them all has read the call. Texts in them are ready to be
/// shown, like all of [Approval]; line breaks and tabs are real ones.
///
/// A plugin shows each kind in the best form that its platform has for it. It may fold or cut a
/// part only as [Channel#post] says.
public sealed interface Part {

  /// Which argument it is, by its path from the top, such as `command` or `files[0].content`; empty
  /// where the part stands for all that there is.
  String label();

  /// All of it, as plain text.
  String text();

  /// The name of a file that holds [#text], such as `deploy.py`: 1 to 64 characters of
  /// `[A-Za-z0-9._-]`, with the ending by which its kind is known. Two parts may have the same.
  String fileName();

  /// A program, a command, a query, a document in some notation.
  ///
  /// @param language in lower case, as highlighters name it, such as `python`, `bash` or `yaml`;
  ///     empty when it is not known
  record Code(String label, String language, String fileName, String text) implements Part {}

  /// What changes in a text: each line begins with a space when it stays, with `-` when it goes,
  /// with `+` when it comes.
  record Diff(String label, String fileName, String text) implements Part {}

  /// Prose of several lines, or of one long one.
  record Text(String label, String fileName, String text) implements Part {}

  /// Values that are nested, indented by two spaces.
  ///
  /// @param quoted whether the argument is a text that holds this JSON
  record Json(String label, String fileName, String text, boolean quoted) implements Part {}

  /// Short values, each with its path.
  ///
  /// @param rows at least one
  record Table(List<Row> rows) implements Part {

    public Table {
      rows = List.copyOf(rows);
    }

    @Override
    public String label() {
      return "";
    }

    @Override
    public String text() {
      return rows.stream()
          .map(row -> row.name + ": " + row.value)
          .collect(Collectors.joining("\n"));
    }

    @Override
    public String fileName() {
      return "arguments.txt";
    }
  }

  /// One value of a table.
  ///
  /// @param name its path, such as `timeout` or `headers.Accept`; empty where it is the only one
  /// @param value on one line: JSON, but for texts that no JSON reader would take for a value,
  ///     which stand without quotation marks
  record Row(String name, String value) {}
}
