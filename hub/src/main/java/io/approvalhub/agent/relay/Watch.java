package io.approvalhub.agent.relay;

import io.approvalhub.approval.ToolCall;
import java.util.List;

/// Looks at the events of one conversation with an agent, one after the other.
public interface Watch {

  /// Whether events of this name must be seen whole; the bytes of all others pass as they come.
  boolean reads(String name);

  /// The tool calls that an event asks to approve, which are raised together.
  List<ToolCall> calls(ServerSentEvent event);

  /// Whether the client may see an event.
  boolean passes(ServerSentEvent event);

  /// Whether the agent goes on in the answer to the decide call, rather than in its first answer.
  boolean continues();
}
