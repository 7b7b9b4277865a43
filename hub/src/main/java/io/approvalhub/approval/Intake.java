package io.approvalhub.approval;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// What the operator allows agents that raise approvals through the API. Implemented where agents
/// are known.
public interface Intake {

  /// How long an approval of this agent waits when the agent does not say.
  Optional<Duration> expiresIn(String agent);

  /// Whether this agent may ask to be called at `address`.
  boolean callsBack(String agent, URI address);
}
