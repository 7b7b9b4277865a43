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
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// The operator's file as a tree, with its placeholders filled in.
///
/// Environment variables are seen through `${PLACEHOLDERS}` only: one that happens to be called
/// `CHANNELS_…` must not make a channel.
@Singleton
public final class Configuration {

  private static final List<String> OURS =
      List.of("hub", "people", "agents", "channels", "presentations", "plugins");
  private static final List<String> MICRONAUTS =
      List.of("micronaut", "endpoints", "executors", "jackson", "logger", "netty", "serde");
  private static final String DEFAULT_AGENT = "local";

  /// What goes into a header, where any other character would be an error that quotes it.
  private static final Pattern SECRET = Pattern.compile("(?:.*-)?(?:key|token|secret)");

  /// Micronaut's settings of which a misspelt one would be ignored, by what they stand under.
  private static final Map<String, Set<String>> KNOWN =
      Map.of(
          "micronaut",
          Set.of(
              "application",
              "caches",
              "codec",
              "config",
              "control-panel",
              "executors",
              "health",
              "http",
              "metrics",
              "netty",
              "router",
              "serde",
              "server",
              "ssl",
              "test"),
          "micronaut.server",
          Set.of(
              "context-path",
              "cors",
              "date-header",
              "default-charset",
              "dispatch-options-requests",
              "dual-protocol",
              "enable",
              "enabled",
              "host",
              "host-resolution",
              "http-to-https-redirect",
              "http-version",
              "idle-timeout",
              "locale-resolution",
              "log-handled-exceptions",
              "max-header-size",
              "max-params",
              "max-request-buffer-size",
              "max-request-size",
              "multipart",
              "netty",
              "not-found-on-missing-body",
              "port",
              "read-idle-timeout",
              "responses",
              "server-header",
              "ssl",
              "thread-selection",
              "validate-url",
              "write-idle-timeout"),
          "micronaut.server.ssl",
          Set.of(
              "build-self-signed",
              "buildselfsigned",
              "ciphers",
              "client-authentication",
              "enabled",
              "handshake-timeout",
              "key",
              "key-name",
              "key-store",
              "keystore",
              "port",
              "prefer-openssl",
              "protocol",
              "protocols",
              "trust-name",
              "trust-store",
              "truststore"),
          "logger",
          Set.of("config", "levels"));

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}:]+)");

  private final Environment environment;
  private final Map<String, Object> tree = new LinkedHashMap<>();
  private final Settings hub;
  private final boolean bare;

  Configuration(Environment environment) {
    this.environment = environment;
    environment.getPropertySources().stream()
        .filter(source -> !(source instanceof EnvironmentPropertySource))
        .sorted(OrderUtil.COMPARATOR)
        .forEach(this::read);
    bare = section("hub").section("keys").isEmpty() && section("agents").isEmpty();
    if (bare) {
      tree.put("agents", Map.of(DEFAULT_AGENT, Map.of("type", "push")));
    }
    hub = section("hub").settings("keys", "database");
  }

  /// The agent of a hub without keys and agents, which anybody who has its one key may be.
  public Optional<String> defaultAgent() {
    return bare ? Optional.of(DEFAULT_AGENT) : Optional.empty();
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

  /// The entries of a list at the top of the file, such as `presentations`, in its order.
  public List<Section> list(String name) {
    var value = tree.getOrDefault(name, List.of());
    if (!(value instanceof List<?> entries)) {
      throw new InvalidSettingException(name + " must be a list: each entry begins with a dash");
    }
    return IntStream.range(0, entries.size())
        .mapToObj(index -> Section.of("%s[%d]".formatted(name, index), entries.get(index)))
        .toList();
  }

  private void read(PropertySource source) {
    var system = source.getName().equals("system");
    for (var key : source) {
      var path = List.of(key.split("\\.", -1));
      if (OURS.contains(path.getFirst())) {
        put(path, checked(path, filled(key, Objects.requireNonNullElse(source.get(key), ""))));
      } else if (!system && !MICRONAUTS.contains(path.getFirst())) {
        refuse(path.getFirst());
      } else if (!system) {
        refuseMisspelt(path);
      }
    }
  }

  /// Only Micronaut's settings that an operator has reason to set are looked at.
  private static void refuseMisspelt(List<String> path) {
    for (var length = 1; length < path.size(); length++) {
      var above = String.join(".", path.subList(0, length));
      var known = KNOWN.get(above);
      var name = path.get(length).replaceAll("\\[.*", "");
      if (known != null && !known.contains(name)) {
        throw new InvalidSettingException(
            "%s.%s is not a setting; there are %s".formatted(above, name, new TreeSet<>(known)));
      }
    }
  }

  private static Object checked(List<String> path, Object value) {
    if (value instanceof String text
        && SECRET.matcher(path.getLast()).matches()
        && !text.chars().allMatch(unit -> unit >= ' ' && unit <= '~')) {
      throw new InvalidSettingException(
          String.join(".", path)
              + " holds a character that is not plain ASCII, such as a dash that was"
              + " typed for a hyphen");
    }
    return value;
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
      case Map<?, ?> inner -> {
        var values = new LinkedHashMap<String, Object>();
        inner.forEach((name, item) -> values.put(name.toString(), filled(key, item)));
        yield values;
      }
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
