package io.approvalhub.approval;

/// What became of a ruling or a cancellation.
public sealed interface Outcome {

  /// It counts, and is durable.
  record Recorded(Approval approval) implements Outcome {}

  /// The approval was no longer pending.
  record TooLate(Approval approval) implements Outcome {}

  /// The actor may not decide.
  record NotAllowed(String why) implements Outcome {}

  /// It asks for more than the agent can take.
  record Unfit(String why) implements Outcome {}

  /// There is no such approval.
  record Unknown() implements Outcome {}
}
