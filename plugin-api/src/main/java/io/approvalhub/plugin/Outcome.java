package io.approvalhub.plugin;

/// What became of a decision. The plugin words the answer for the person who clicked.
public sealed interface Outcome {

  /// This decision counts. It is durable, and the agent will be told.
  ///
  /// @param approval as it is now
  record Recorded(Approval approval) implements Outcome {}

  /// Somebody or something was earlier: it is decided, cancelled or expired.
  ///
  /// @param approval as it is now; [Approval#ending] says by whom, how and when
  record TooLate(Approval approval) implements Outcome {}

  /// This person may not decide here, or the decision asks for more than the agent can take.
  /// Nothing changed.
  ///
  /// @param why a sentence for the person, which reveals nothing about the approval
  record NotAllowed(String why) implements Outcome {}

  /// No approval of this channel has that token. Nothing changed.
  record Unknown() implements Outcome {}
}
