package io.approvalhub.plugin;

/// What a tool says of itself, as the annotations of an MCP server do: what warns comes first.
/// Nobody has checked it.
public enum Hint {
  /// It may destroy or overwrite something.
  DESTRUCTIVE,
  /// It reaches what lies outside of the system that offers it.
  OPEN_WORLD,
  /// The same call again changes nothing more.
  IDEMPOTENT,
  /// It changes nothing.
  READ_ONLY
}
