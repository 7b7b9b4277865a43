package io.approvalhub.agent;

import java.net.URI;

/// An agent that may be called at an address that it names itself.
public interface Callbacks {

  /// Whether the operator allows this address.
  boolean allows(URI address);
}
