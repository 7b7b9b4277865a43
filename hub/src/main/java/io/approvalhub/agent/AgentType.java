package io.approvalhub.agent;

import io.approvalhub.plugin.Settings;

/// A kind of agent system that the hub can work with.
public interface AgentType {

  /// The word for it in `agents.<name>.type`.
  String type();

  /// Opens one configured agent. Returns at once; what needs the network is handed to
  /// [AgentHub#connect].
  Agent open(Settings settings, AgentHub hub);
}
