package io.approvalhub.delivery;

import io.approvalhub.agent.Agent.Answer;
import io.approvalhub.plugin.MessageRef;
import java.util.Optional;

/// What came of showing an approval to somebody.
///
/// @param message where it is shown, if anywhere
/// @param answer what an agent made of it
record Result(Optional<MessageRef> message, Optional<Answer> answer) {

  /// Nothing was to be shown.
  static Result nothing() {
    return new Result(Optional.empty(), Optional.empty());
  }

  static Result shown(MessageRef message) {
    return new Result(Optional.of(message), Optional.empty());
  }

  static Result told(Answer answer) {
    return new Result(Optional.empty(), Optional.of(answer));
  }
}
