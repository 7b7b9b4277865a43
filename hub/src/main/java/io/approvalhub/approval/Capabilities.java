package io.approvalhub.approval;

import java.util.Optional;

/// What an agent can take back besides yes and no; channels offer only that.
///
/// @param reason why it was denied
/// @param arguments edited arguments
/// @param remembers what "approve and remember" covers at the agent, in words; empty when it cannot
public record Capabilities(boolean reason, boolean arguments, Optional<String> remembers) {

  /// Nothing but yes and no.
  public static final Capabilities NONE = new Capabilities(false, false, Optional.empty());
}
