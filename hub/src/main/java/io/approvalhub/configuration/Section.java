package io.approvalhub.configuration;

import io.approvalhub.plugin.InvalidSettingException;
import io.approvalhub.plugin.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A part of the operator's file, such as `channels.ops`.
public final class Section {

  private final String path;
  private final Map<String, Object> values;

  private Section(String path, Map<String, Object> values) {
    this.path = path;
    this.values = values;
  }

  /// Whether the file says anything here.
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /// The values of this section but for its subsections of these names.
  public Settings settings(String... subsections) {
    var own = new LinkedHashMap<>(values);
    own.keySet().removeAll(List.of(subsections));
    return new Settings(path, own);
  }

  /// The subsection of this name, empty when the file does not have it.
  public Section section(String name) {
    return child(name, values.getOrDefault(name, Map.of()));
  }

  /// All subsections, by name, in the order of the file.
  public Map<String, Section> sections() {
    var sections = new LinkedHashMap<String, Section>();
    values.forEach((name, value) -> sections.put(name, child(name, value)));
    return sections;
  }

  private Section child(String name, Object value) {
    return of(path + "." + name, value);
  }

  static Section of(String path, Object value) {
    if (value.equals("")) {
      return new Section(path, Map.of());
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new InvalidSettingException(path + " must hold settings, not a single value");
    }
    var children = new LinkedHashMap<String, Object>();
    map.forEach((key, inner) -> children.put(String.valueOf(key), inner));
    return new Section(path, children);
  }
}
