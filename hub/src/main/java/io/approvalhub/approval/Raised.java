package io.approvalhub.approval;

/// What became of a tool call that was submitted.
public sealed interface Raised {

  Approval approval();

  /// It is a new approval, and durable.
  record Fresh(Approval approval) implements Raised {}

  /// It was raised before.
  record Known(Approval approval) implements Raised {}

  /// Another call was raised before under the same key.
  ///
  /// @param call the one that was raised now
  record Conflict(Approval approval, ToolCall call) implements Raised {

    /// Whether only what is said about the call differs.
    public boolean isDescription() {
      return call.digest().equals(approval.call().digest());
    }
  }
}
