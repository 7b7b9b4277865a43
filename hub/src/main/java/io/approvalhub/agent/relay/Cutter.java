package io.approvalhub.agent.relay;

import java.io.IOException;

/// Cuts the bytes of an answer into what a [Reader] is to see.
interface Cutter {

  void feed(byte[] bytes, int length) throws IOException;

  /// Says that the answer is over.
  void finish() throws IOException;

  /// Whether the bytes handed on so far may be followed by those of another answer.
  boolean isBetween();

  /// Who reads.
  interface Reader {

    /// Whether events of this name are to be shown; the bytes of others pass as they come.
    boolean reads(String name);

    /// Shows an event.
    ///
    /// @return whether its bytes may pass
    boolean passes(ServerSentEvent event) throws IOException;

    /// Capabilities bytes that may pass.
    void pass(byte[] bytes, int at, int length) throws IOException;
  }
}
