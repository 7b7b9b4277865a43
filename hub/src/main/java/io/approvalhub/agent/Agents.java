package io.approvalhub.agent;

import io.approvalhub.approval.Target;
import io.approvalhub.configuration.Configuration;
import io.approvalhub.configuration.Section;
import io.approvalhub.connection.Contact;
import io.approvalhub.plugin.InvalidSettingException;
import io.micronaut.context.annotation.Context;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The configured agents, opened while the hub starts.
@Context
public final class Agents {

  private final AgentServices services;
  private final Map<String, OpenAgent> agents = new LinkedHashMap<>();

  Agents(Configuration configuration, List<AgentType> types, AgentServices services) {
    this.services = services;
    configuration
        .section("agents")
        .sections()
        .forEach((name, section) -> open(name, section, types));
  }

  public Collection<OpenAgent> all() {
    return agents.values();
  }

  /// How long an approval of this agent waits when the agent does not say.
  public Optional<Duration> expiresIn(String agent) {
    return opened(agent).hub().expiresIn();
  }

  /// Whether this agent may ask to be called at `address`.
  public boolean callsBack(String agent, URI address) {
    return opened(agent).agent() instanceof Callbacks callsBack && callsBack.allows(address);
  }

  private OpenAgent opened(String agent) {
    return Objects.requireNonNull(agents.get(agent), "keys name configured agents only");
  }

  private void open(String name, Section section, List<AgentType> types) {
    if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
      throw new InvalidSettingException(
          "agents." + name + " must be named with letters, digits, dashes and underscores");
    }
    var settings = section.settings();
    var type = type(name, settings.text("type"), types);
    var expiresIn = settings.optionalDuration("expires-in");
    var contact = services.contacts().of(Target.agent(name));
    var hub = new AgentHub(name, expiresIn, services);
    agents.put(name, new OpenAgent(name, type.open(settings, hub), hub, contact));
    settings.refuseUnknown();
  }

  private static AgentType type(String name, String word, List<AgentType> types) {
    return types.stream()
        .filter(type -> type.type().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidSettingException(
                    "agents.%s.type is '%s'; there are %s"
                        .formatted(
                            name, word, types.stream().map(AgentType::type).sorted().toList())));
  }

  /// An agent that the hub has opened.
  ///
  /// @param contact how things stand with what the agent is told
  public record OpenAgent(String name, Agent agent, AgentHub hub, Contact contact) {}
}
