package io.approvalhub.approval;

/// What became of a tool call that was submitted.
public sealed interface RaiseResult {

  ApprovalRecord approval();

  /// It is a new approval, and durable.
  record Fresh(ApprovalRecord approval) implements RaiseResult {}

  /// It was raised before.
  record Known(ApprovalRecord approval) implements RaiseResult {}

  /// Another call was raised before under the same key.
  ///
  /// @param call the one that was raised now
  record Conflict(ApprovalRecord approval, ToolCall call) implements RaiseResult {

    /// Whether only what is said about the call differs.
    public boolean isDescription() {
      return call.digest().equals(approval.call().digest());
    }
  }
}
