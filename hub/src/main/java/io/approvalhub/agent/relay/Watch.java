package io.approvalhub.agent.relay;

import io.approvalhub.approval.ToolCall;
import java.util.List;

/// Looks at the events of one conversation with an agent, one after the other.
public interface Watch {

  /// Whether events of this name must be seen whole; the bytes of all others pass as they come.
  boolean reads(String name);

  /// The tool calls that an event asks to approve, which are raised together.
  List<ToolCall> calls(ServerSentEvent event);

  /// Tool calls that were held back for more that belong to them, when an answer is over.
  default List<ToolCall> rest() {
    return List.of();
  }

  /// Whether an answer that is one JSON document is read too, as if it were one event.
  default boolean readsDocuments() {
    return false;
  }

  /// Whether the client may see an event.
  boolean passes(ServerSentEvent event);

  /// How the approvals and the stream hang together.
  Bond bond();
}
