package io.approvalhub.agent.agentflow;

import java.io.IOException;
import java.util.Optional;

/// What a call carries to be let in.
interface Bearer {

  /// The token for the next call; empty where the instance asks for none.
  Optional<String> token() throws IOException;

  /// Whether a call that was refused with this token is worth another try with a new one.
  boolean renews(Optional<String> refused);

  /// One token for ever, or none.
  record Fixed(Optional<String> token) implements Bearer {

    @Override
    public boolean renews(Optional<String> refused) {
      return false;
    }

    @Override
    public String toString() {
      return "Fixed";
    }
  }
}
