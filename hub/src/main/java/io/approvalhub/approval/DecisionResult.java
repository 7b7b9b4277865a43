package io.approvalhub.approval;

/// What became of a ruling or a cancellation.
public sealed interface DecisionResult {

  /// It counts, and is durable.
  record Success(ApprovalRecord approval) implements DecisionResult {}

  /// The approval was no longer pending.
  record Late(ApprovalRecord approval) implements DecisionResult {}

  /// The actor may not decide.
  record Refusal(String why) implements DecisionResult {}

  /// It asks for more than the agent can take.
  record Objection(String why) implements DecisionResult {}

  /// There is no such approval.
  record Missing() implements DecisionResult {}
}
