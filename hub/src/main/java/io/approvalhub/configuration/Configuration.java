package io.approvalhub.configuration;

import io.approvalhub.plugin.InvalidSettingException;
import io.approvalhub.plugin.Settings;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.EnvironmentPropertySource;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.context.exceptions.ConfigurationException;
import io.micronaut.core.order.OrderUtil;
import io.micronaut.runtime.event.annotation.EventListener;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The operator's file as a tree, with its placeholders filled in.
///
/// Environment variables are seen through `${PLACEHOLDERS}` only: one that happens to be called
/// `CHANNELS_…` must not make a channel.
@Singleton
public final class Configuration {

  private static final List<String> OURS =
      List.of("hub", "people", "agents", "channels", "plugins");
  private static final List<String> MICRONAUTS =
      List.of("micronaut", "endpoints", "executors", "jackson", "logger", "netty", "serde");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}:]+)");

  private final Environment environment;
  private final Map<String, Object> tree = new LinkedHashMap<>();
  private final Settings hub;

  Configuration(Environment environment) {
    this.environment = environment;
    environment.getPropertySources().stream()
        .filter(source -> !(source instanceof EnvironmentPropertySource))
        .sorted(OrderUtil.COMPARATOR)
        .forEach(this::read);
    hub = section("hub").settings("keys", "database");
  }

  /// The settings directly under `hub`. Each feature reads its own, and all are read when the
  /// context has started.
  public Settings hub() {
    return hub;
  }

  @EventListener
  void refuseUnknown(StartupEvent event) {
    hub.refuseUnknown();
  }

  /// The part of the file below a top-level key: `hub`, `people`, `agents`, `channels` or
  /// `plugins`.
  public Section section(String name) {
    return Section.of(name, tree.getOrDefault(name, Map.of()));
  }

  private void read(PropertySource source) {
    var system = source.getName().equals("system");
    for (var key : source) {
      var path = List.of(key.split("\\.", -1));
      if (OURS.contains(path.getFirst())) {
        put(path, filled(key, Objects.requireNonNullElse(source.get(key), "")));
      } else if (!system && !MICRONAUTS.contains(path.getFirst())) {
        refuse(path.getFirst());
      }
    }
  }

  @SuppressWarnings("unchecked")
  private void put(List<String> path, Object value) {
    var node = tree;
    for (var name : path.subList(0, path.size() - 1)) {
      var next = node.computeIfAbsent(name, _ -> new LinkedHashMap<String, Object>());
      if (!(next instanceof Map<?, ?>)) {
        throw new InvalidSettingException(String.join(".", path) + " is not a setting");
      }
      node = (Map<String, Object>) next;
    }
    node.put(path.getLast(), value);
  }

  private Object filled(String key, Object value) {
    return switch (value) {
      case String text -> filled(key, text);
      case List<?> items -> items.stream().map(item -> filled(key, item)).toList();
      default -> value;
    };
  }

  private String filled(String key, String text) {
    try {
      return environment.getPlaceholderResolver().resolveRequiredPlaceholders(text);
    } catch (ConfigurationException _) {
      var names = new TreeSet<String>();
      PLACEHOLDER.matcher(text).results().forEach(match -> names.add(match.group(1)));
      throw new InvalidSettingException(
          key + " needs the environment variable " + String.join(", ", names));
    }
  }

  private static void refuse(String name) {
    throw new InvalidSettingException(
        name + " is not a section; there are " + OURS + " and Micronaut's " + MICRONAUTS);
  }
}
