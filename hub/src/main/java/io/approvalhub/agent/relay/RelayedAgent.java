package io.approvalhub.agent.relay;

import io.approvalhub.agent.Agent;
import java.io.IOException;
import java.net.URI;
import java.util.Map;

/// An agent that clients call through the hub.
public interface RelayedAgent extends Agent {

  /// Where it is, without a slash at the end.
  URI url();

  /// The headers that the hub adds to every call, in place of those of the client.
  Map<String, String> headers() throws IOException;

  /// What clients may call.
  OpenCalls open();

  /// What is done with a call that is open.
  Passage passage(RelayRequest request) throws IOException;

  /// How clients of this part of the API expect to be refused.
  default RefusalForm refusalForm(String path) {
    return RefusalForm.PROBLEM;
  }
}
