package io.approvalhub.agent.relay;

import java.io.IOException;

/// Cuts the bytes of an answer into what a [Reader] is to see.
interface Cutter extends AutoCloseable {

  void feed(byte[] bytes, int length) throws IOException;

  /// Says that the answer is over.
  void finish() throws IOException;

  /// Whether the bytes handed on so far may be followed by those of another answer.
  boolean isBetween();

  /// Gives back what is held.
  @Override
  void close();

  /// Who reads.
  interface Reader {

    /// Whether events of this name are to be shown; the bytes of others pass as they come.
    boolean reads(String name);

    /// Shows an event.
    ///
    /// @return whether its bytes may pass
    boolean passes(ServerSentEvent event) throws IOException;

    /// Tells of an event that is to be shown and is too large for it.
    ///
    /// @return whether its bytes may pass
    boolean passesUnseen(String name) throws IOException;

    /// Takes bytes that may pass.
    void pass(byte[] bytes, int at, int length) throws IOException;
  }
}
