package io.approvalhub.access;

import io.approvalhub.configuration.Configuration;
import io.approvalhub.configuration.Section;
import io.approvalhub.plugin.InvalidSettingException;
import jakarta.inject.Singleton;
import java.util.HashMap;
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
  private final Map<String, Map<String, String>> namesByChannel = new HashMap<>();

  Approvers(Configuration configuration, People people) {
    this.people = people;
    configuration.section("channels").sections().forEach(this::add);
  }

  /// The name of the approver who has this id in this channel.
  Optional<String> name(String channel, String id) {
    return Optional.ofNullable(namesByChannel.getOrDefault(channel, Map.of()).get(id));
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
    namesByChannel.put(channel, named(channel, plugin, settings.list("approvers")));
  }

  private Map<String, String> named(String channel, String plugin, List<String> approvers) {
    var names = new HashMap<String, String>();
    for (var person : approvers) {
      if (!people.contains(person)) {
        throw new InvalidSettingException(
            "channels.%s.approvers names '%s', who is not in people".formatted(channel, person));
      }
      var id = people.id(person, plugin).orElseThrow(() -> without(channel, person, plugin));
      names.put(id, person);
    }
    return names;
  }

  private static InvalidSettingException without(String channel, String person, String plugin) {
    return new InvalidSettingException(
        "people.%s.%s is required, since %s is an approver of channels.%s"
            .formatted(person, plugin, person, channel));
  }
}
