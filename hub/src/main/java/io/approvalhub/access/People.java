package io.approvalhub.access;

import io.approvalhub.configuration.Configuration;
import io.approvalhub.plugin.InvalidSettingException;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The configured people and their ids on each platform.
@Singleton
public final class People {

  private final Map<String, Map<String, String>> idsByPerson = new HashMap<>();
  private final Map<String, String> personsById = new HashMap<>();

  People(Configuration configuration) {
    configuration
        .section("people")
        .sections()
        .forEach((person, section) -> add(person, section.settings().texts()));
  }

  boolean contains(String person) {
    return idsByPerson.containsKey(person);
  }

  /// The id of a person on a platform, by its plugin's name, or in a type of agents.
  public Optional<String> id(String person, String platform) {
    return Optional.ofNullable(idsByPerson.getOrDefault(person, Map.of()).get(platform));
  }

  /// The name of the person who has this id on a platform.
  Optional<String> name(String platform, String id) {
    return Optional.ofNullable(personsById.get(platform + " " + id));
  }

  /// The ids of everybody who has one on a platform, by the person's name.
  public Map<String, String> ids(String platform) {
    var ids = new TreeMap<String, String>();
    idsByPerson.forEach(
        (person, known) ->
            Optional.ofNullable(known.get(platform)).ifPresent(id -> ids.put(person, id)));
    return ids;
  }

  private void add(String person, Map<String, String> ids) {
    idsByPerson.put(person, ids);
    ids.forEach(
        (plugin, id) -> {
          var other = personsById.put(plugin + " " + id, person);
          if (other != null) {
            throw new InvalidSettingException(
                "people.%s.%s is the same as people.%s.%s; an id belongs to one person"
                    .formatted(person, plugin, other, plugin));
          }
        });
  }
}
