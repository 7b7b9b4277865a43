package io.approvalhub.access;

import io.approvalhub.configuration.Configuration;
import io.approvalhub.configuration.Section;
import io.approvalhub.kit.Messages;
import io.approvalhub.plugin.InvalidSettingException;
import io.approvalhub.plugin.Reader;
import io.approvalhub.plugin.Settings;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The configured people and their ids on each platform.
@Singleton
public final class People {

  private static final String LANGUAGE = "language";
  private static final String ZONE = "time-zone";

  private final Map<String, Map<String, String>> idsByPerson = new HashMap<>();
  private final Map<String, String> personsById = new HashMap<>();
  private final Map<String, Reader> readers = new HashMap<>();
  private final Reader reader;

  People(Configuration configuration) {
    reader = reader(configuration.hub(), Reader.DEFAULT);
    configuration.section("people").sections().forEach((person, section) -> add(person, section));
  }

  /// Who reads what several people read.
  public Reader reader() {
    return reader;
  }

  /// Who reads what only the person of this id on a platform reads.
  public Reader reader(String platform, String id) {
    return name(platform, id).map(readers::get).orElse(reader);
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

  private void add(String person, Section section) {
    readers.put(person, reader(section.settings(), reader));
    add(person, section.settings(LANGUAGE, ZONE).texts());
  }

  private static Reader reader(Settings settings, Reader otherwise) {
    return new Reader(
        settings
            .optional(LANGUAGE)
            .map(text -> language(settings, text))
            .orElse(otherwise.language()),
        settings.optional(ZONE).map(text -> zone(settings, text)).orElse(otherwise.zone()));
  }

  private static Locale language(Settings settings, String tag) {
    var language = Locale.forLanguageTag(tag);
    if (Messages.LANGUAGES.stream()
        .noneMatch(known -> known.getLanguage().equals(language.getLanguage()))) {
      var known = Messages.LANGUAGES.stream().map(Locale::toLanguageTag).toList();
      throw settings.invalid(LANGUAGE, "must be one of %s, not '%s'".formatted(known, tag));
    }
    return language;
  }

  private static ZoneId zone(Settings settings, String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException _) {
      throw settings.invalid(ZONE, "must be a time zone such as Europe/Berlin, not '" + name + "'");
    }
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
