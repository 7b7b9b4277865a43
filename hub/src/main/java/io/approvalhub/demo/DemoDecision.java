package io.approvalhub.demo;

import io.approvalhub.demo.ExampleAgent.Received;

/// A decision that the hub took.
record DemoDecision(String tool, Choice choice) {

  /// What the agent must have received for it.
  Received expected() {
    return new Received(tool, choice.message());
  }

  /// The status that the hub's list must show for it.
  String status() {
    return choice.approved() ? "approved" : "denied";
  }
}
