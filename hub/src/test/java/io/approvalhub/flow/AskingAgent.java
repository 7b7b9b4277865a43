package io.approvalhub.flow;

import io.approvalhub.plugin.Verdict;
import java.net.URI;
import java.util.List;

/// An agent that asks about tool calls, seen from its own end. Each call has a mark, which its
/// approval shows and no other does.
interface AskingAgent extends AutoCloseable {

  /// Its settings for the hub's file, as JSON.
  String settings();

  /// Asks about a tool call and goes on when it is decided; returns at once.
  ///
  /// @param hub where to ask, for agents that do it themselves, with their type as their key
  void ask(URI hub, String mark);

  /// The decisions about a call that reached the agent, in order and as its own wire has them.
  List<Verdict> told(String mark);

  /// Whether the call, or the answer in which it was made, came to the end that belongs to this
  /// verdict.
  boolean obeyed(String mark, Verdict verdict);

  @Override
  void close();
}
