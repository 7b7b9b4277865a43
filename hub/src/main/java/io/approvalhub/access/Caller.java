package io.approvalhub.access;

import io.approvalhub.http.ProblemException;
import io.micronaut.http.HttpStatus;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
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

  /// Ends the request unless the caller has one of these roles.
  public void require(Role... roles) {
    if (!List.of(roles).contains(role)) {
      throw new ProblemException(
          HttpStatus.FORBIDDEN,
          "A key of role %s may not do this".formatted(role.name().toLowerCase(Locale.ROOT)));
    }
  }

  /// Whether this caller may see what `agentName` raised.
  public boolean sees(String agentName) {
    return role != Role.AGENT || agent.filter(agentName::equals).isPresent();
  }
}
