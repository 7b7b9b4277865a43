package io.approvalhub.access;

import java.security.Principal;
import java.util.List;
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

  /// Does nothing when the caller has one of these roles.
  ///
  /// @throws RoleException otherwise
  public void require(Role... roles) {
    if (!List.of(roles).contains(role)) {
      throw new RoleException(role);
    }
  }

  /// Whether this caller may see what `agentName` raised.
  public boolean sees(String agentName) {
    return role != Role.AGENT || agent.filter(agentName::equals).isPresent();
  }
}
