package io.approvalhub.agent.relay;

import io.approvalhub.agent.Agent;
import java.io.IOException;
import java.net.URI;
import java.util.Map;

/// An agent that clients call through the hub.
public interface Relayed extends Agent {

  /// Where it is, without a slash at the end.
  URI url();

  /// The headers that the hub adds to every call, in place of those of the client.
  Map<String, String> headers() throws IOException;

  Passage passage(RelayRequest request) throws IOException;
}
