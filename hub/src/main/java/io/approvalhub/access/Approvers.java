package io.approvalhub.access;

import io.approvalhub.configuration.Configuration;
import io.approvalhub.configuration.Section;
import io.approvalhub.plugin.InvalidSettingException;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The people who may decide in each channel, by the id that its platform vouches for. An empty
/// list is nobody.
@Singleton
public final class Approvers {

  private final People people;
  private final Map<String, String> plugins = new HashMap<>();
  private final Map<String, Set<String>> namesByChannel = new HashMap<>();

  Approvers(Configuration configuration, People people) {
    this.people = people;
    configuration.section("channels").sections().forEach(this::add);
  }

  /// The name of the person who has this id on the platform of this channel.
  Optional<String> name(String channel, String id) {
    return Optional.ofNullable(plugins.get(channel)).flatMap(plugin -> people.name(plugin, id));
  }

  /// The names of those who may decide in a channel.
  public Set<String> of(String channel) {
    return Set.copyOf(namesByChannel.getOrDefault(channel, Set.of()));
  }

  /// The channels in which nobody may decide.
  public Set<String> deserted() {
    return namesByChannel.entrySet().stream()
        .filter(entry -> entry.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  private void add(String channel, Section section) {
    var settings = section.settings("settings");
    var plugin = settings.text("plugin");
    plugins.put(channel, plugin);
    namesByChannel.put(channel, named(channel, plugin, settings.list("approvers")));
  }

  private Set<String> named(String channel, String plugin, List<String> approvers) {
    var names = new HashSet<String>();
    for (var person : approvers) {
      if (!people.contains(person)) {
        throw new InvalidSettingException(
            "channels.%s.approvers names '%s', who is not in people".formatted(channel, person));
      }
      if (people.id(person, plugin).isEmpty()) {
        throw without(channel, person, plugin);
      }
      names.add(person);
    }
    return names;
  }

  private static InvalidSettingException without(String channel, String person, String plugin) {
    return new InvalidSettingException(
        "people.%s.%s is required, since %s is an approver of channels.%s"
            .formatted(person, plugin, person, channel));
  }
}
