package io.approvalhub.channel;

import io.approvalhub.access.People;
import io.approvalhub.configuration.Configuration;
import io.approvalhub.plugin.InvalidSettingException;
import io.approvalhub.plugin.NotificationPlugin;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The plugins that were found: those on the class path in its order, then those in `plugins.dir`,
/// where each jar, and each folder of jars, is a plugin of its own.
@Singleton
public final class Plugins {

  private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);

  private final Map<String, NotificationPlugin> plugins = new LinkedHashMap<>();

  Plugins(Configuration configuration) {
    var settings = configuration.section("plugins").settings();
    var folder = settings.optional("dir").map(Path::of);
    settings.refuseUnknown();
    load(getClass().getClassLoader(), "the class path");
    for (var jars : folder.map(Plugins::dropped).orElse(List.of())) {
      load(new PluginClassLoader(urls(jars), getClass().getClassLoader()), jars.toString());
    }
  }

  /// The names of all plugins.
  public List<String> names() {
    return List.copyOf(plugins.keySet());
  }

  /// Makes sure that nobody is known by an id that no platform would give.
  void check(People people) {
    plugins.forEach(
        (name, plugin) ->
            people
                .ids(name)
                .forEach(
                    (person, id) ->
                        plugin
                            .personIdProblem(id)
                            .ifPresent(problem -> refuse(person + "." + name, problem, id))));
  }

  NotificationPlugin plugin(ChannelSettings channel) {
    return Optional.ofNullable(plugins.get(channel.plugin()))
        .orElseThrow(
            () ->
                new InvalidSettingException(
                    "channels.%s.plugin is '%s'; there are %s"
                        .formatted(channel.name(), channel.plugin(), names())));
  }

  private static void refuse(String key, String problem, String id) {
    throw new InvalidSettingException("people.%s %s, not '%s'".formatted(key, problem, id));
  }

  private void load(ClassLoader loader, String where) {
    try {
      for (var plugin : ServiceLoader.load(NotificationPlugin.class, loader)) {
        add(plugin, where);
      }
    } catch (ServiceConfigurationError | LinkageError e) {
      throw new InvalidSettingException(
          "plugins.dir holds a plugin that cannot be loaded, in " + where + ": " + e.getMessage());
    }
  }

  private void add(NotificationPlugin plugin, String where) {
    var name = plugin.name();
    if (plugins.putIfAbsent(name, plugin) != null) {
      throw new InvalidSettingException(
          "plugins.dir holds a second plugin called '" + name + "', in " + where);
    }
    LOG.info("loaded plugin={} from={}", name, where);
  }

  private static List<Path> dropped(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new InvalidSettingException("plugins.dir is '" + folder + "', which is not a folder");
    }
    return list(folder).filter(path -> Files.isDirectory(path) || isJar(path)).toList();
  }

  private static URL[] urls(Path jars) {
    var files = Files.isDirectory(jars) ? list(jars).filter(Plugins::isJar) : Stream.of(jars);
    return files.map(Plugins::url).toArray(URL[]::new);
  }

  private static boolean isJar(Path path) {
    return path.toString().endsWith(".jar");
  }

  private static Stream<Path> list(Path folder) {
    try (var paths = Files.list(folder)) {
      return paths.sorted().toList().stream();
    } catch (IOException e) {
      throw new InvalidSettingException("plugins.dir cannot be read: " + e.getMessage());
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
