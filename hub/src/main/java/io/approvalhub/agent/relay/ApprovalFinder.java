package io.approvalhub.agent.relay;

import io.approvalhub.approval.ToolCall;
import java.io.IOException;
import java.util.List;

/// Finds the approvals in the events of one conversation with an agent, which it looks at one after
/// the other.
public interface ApprovalFinder {

  /// Whether events of this name must be seen whole; the bytes of all others pass as they come.
  boolean reads(String name);

  /// The tool calls that an event asks to approve, which are raised together.
  ///
  /// @throws IOException when it cannot be read and the stream must not go on
  List<ToolCall> calls(ServerSentEvent event) throws IOException;

  /// Tool calls that were held back for more that belong to them, when an answer is over.
  ///
  /// @throws IOException when one cannot be shown and the stream must not end as if nothing waited
  default List<ToolCall> rest() throws IOException {
    return List.of();
  }

  /// Whether an answer that is one JSON document is read too, as if it were one event.
  default boolean readsDocuments() {
    return false;
  }

  /// Tells of an event, or a document, that must be seen and is too large for it.
  ///
  /// @return whether its bytes may go to the client as they come
  /// @throws IOException when the stream must not go on
  boolean passesUnseen(String name) throws IOException;

  /// Whether the client may see an event.
  boolean passes(ServerSentEvent event) throws IOException;

  /// How long the approvals can wait.
  ApprovalLifetime lifetime();
}
