package io.approvalhub.kit.parts;

import java.util.List;

/// What a call does, to be put into words.
///
/// @param kind what is done
/// @param values what fills the words in, in the order in which they ask for it
public record Headline(Kind kind, List<String> values) {

  public Headline {
    values = List.copyOf(values);
  }

  static Headline of(Kind kind, String... values) {
    return new Headline(kind, List.of(values));
  }

  /// The same by the tool's own name for it, where nothing else is known but the tool, which is
  /// named too: only that is what runs.
  public Headline titled(String title) {
    return switch (kind) {
      case CALL, CALL_ON -> of(Kind.TITLED, values.getFirst(), Shape.line(title));
      case MCP -> of(Kind.TITLED_MCP, values.get(0), values.get(1), Shape.line(title));
      default -> this;
    };
  }

  /// What is done. The words are in the bundle, under `headline.` and the name.
  public enum Kind {
    /// Nothing is known but the tool.
    CALL,
    /// The same, on a target: a cluster, a host, a table.
    CALL_ON,
    /// A command of a shell.
    COMMAND,
    /// The same, in a folder.
    COMMAND_IN,
    /// A program.
    CODE,
    /// The same, in a language.
    CODE_IN,
    /// A file is written.
    WRITE,
    /// A file is changed.
    EDIT,
    /// Several files are changed, or it is not said which.
    PATCH,
    /// A file or a folder is deleted.
    DELETE,
    /// A request of some method to a host.
    REQUEST,
    /// A statement of SQL.
    QUERY,
    /// A mail to somebody.
    MAIL,
    /// An amount in a currency.
    PAYMENT,
    /// The same, to somebody.
    PAYMENT_TO,
    /// A tool by its own name for it.
    TITLED,
    /// A tool of an MCP server.
    MCP,
    /// The same by its own name for it.
    TITLED_MCP,
    /// In the operator's own words.
    OWN
  }
}
