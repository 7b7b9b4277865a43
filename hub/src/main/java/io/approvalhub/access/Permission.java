package io.approvalhub.access;

/// Whether an actor may decide.
public sealed interface Permission {

  /// Yes, and decisions are recorded under this name.
  record Granted(String name) implements Permission {}

  /// No; `why` may be shown to the actor.
  record Refused(String why) implements Permission {}
}
