package io.approvalhub.access;

import java.security.Principal;
import java.util.Optional;

/// The holder of a key.
///
/// @param key the name of the key in `hub.keys`
/// @param agent whose approvals an agent's key raises and sees
/// @param person whose decisions an operator's key makes
public record Caller(String key, Role role, Optional<String> agent, Optional<String> person)
    implements Principal {

  @Override
  public String getName() {
    return person.orElse(key);
  }

  /// Whether this caller may see what `agentName` raised.
  public boolean sees(String agentName) {
    return role != Role.AGENT || agent.filter(agentName::equals).isPresent();
  }
}
