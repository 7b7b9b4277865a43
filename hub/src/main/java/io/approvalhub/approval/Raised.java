package io.approvalhub.approval;

/// What became of a tool call that was submitted.
public sealed interface Raised {

  Approval approval();

  /// It is a new approval, and durable.
  record Fresh(Approval approval) implements Raised {}

  /// It was raised before.
  record Known(Approval approval) implements Raised {}

  /// Another call was raised before under the same key.
  record Conflict(Approval approval) implements Raised {}
}
