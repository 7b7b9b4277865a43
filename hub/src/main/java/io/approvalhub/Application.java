package io.approvalhub;

import io.approvalhub.access.Keys;
import io.approvalhub.database.DataFolder;
import io.approvalhub.kit.Proxies;
import io.approvalhub.plugin.InvalidSettingException;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.PropertySource;
import io.micronaut.context.env.yaml.YamlPropertySourceLoader;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.BindException;
import java.net.ProxySelector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where the hub starts.
final class Application {

  private static final Logger LOG = LoggerFactory.getLogger(Application.class);

  private static final int FILE = 100;
  private static final int OVERRIDES = 200;

  private Application() {}

  static void main(String[] args) {
    System.exit(CommandLine.run(args));
  }

  /// Serves until the process is told to end.
  ///
  /// @return what to exit with when the start failed
  static int serve(Path config, Map<String, Object> overrides) {
    try {
      ProxySelector.setDefault(Proxies.of(System.getenv(), ProxySelector.getDefault()));
      var context = start(config, overrides);
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> end(context)));
      Thread.currentThread().join();
      return 0;
    } catch (InterruptedException _) {
      return 0;
    } catch (RuntimeException e) {
      return failed(e);
    }
  }

  /// Makes another operator key in the data folder that a file names.
  ///
  /// @return what to exit with
  static int key(Path config) {
    try {
      var settings = file(config);
      for (var name : settings) {
        if (name.startsWith("hub.keys.")) {
          throw new InvalidSettingException(
              "hub.keys has keys of its own; the generated one would not count");
        }
      }
      var data = Objects.requireNonNullElse(settings.get("hub.data"), "./data").toString();
      try (var folder = new DataFolder(Path.of(data))) {
        Keys.renew(folder);
        return 0;
      }
    } catch (IOException | RuntimeException e) {
      System.err.println("approval-hub: " + e.getMessage());
      return 2;
    }
  }

  /// Finishes what is in hand. The JVM would exit 143 after a SIGTERM, which is how a hub is meant
  /// to be ended.
  private static void end(ApplicationContext context) {
    var presence = context.getBean(Presence.class);
    context.close();
    presence.ended();
    Runtime.getRuntime().halt(0);
  }

  /// A hub that runs. Micronaut's own starter would end the process where this throws.
  ///
  /// @param overrides settings that count instead of those in the file
  static ApplicationContext start(Path config, Map<String, Object> overrides) {
    var context =
        ApplicationContext.builder()
            .mainClass(Application.class)
            .propertySources(file(config), PropertySource.of("overrides", overrides, OVERRIDES))
            .deduceEnvironment(false)
            .banner(false)
            .build();
    try {
      context.start();
      context.getBean(EmbeddedServer.class).start();
      context.getBean(Keys.class).announce();
      context.getBean(Presence.class).started();
      return context;
    } catch (RuntimeException e) {
      context.close();
      throw e;
    }
  }

  private static PropertySource file(Path config) {
    try (var stream = Files.newInputStream(config)) {
      var settings = new YamlPropertySourceLoader().read(config.toString(), stream);
      return PropertySource.of(config.toString(), settings, FILE);
    } catch (IOException | RuntimeException e) {
      throw new InvalidSettingException(config + " cannot be read: " + e.getMessage());
    }
  }

  private static int failed(RuntimeException e) {
    var invalid = cause(e, InvalidSettingException.class);
    if (invalid.isPresent()) {
      System.err.println("approval-hub: " + invalid.get().getMessage());
      return 2;
    }
    if (cause(e, BindException.class).isPresent()) {
      System.err.println("approval-hub: the port is in use; choose another with --port N");
      return 1;
    }
    System.err.println("approval-hub: could not start: " + root(e));
    LOG.error("could not start", e);
    return 1;
  }

  private static Throwable root(Throwable e) {
    return e.getCause() == null ? e : root(e.getCause());
  }

  private static <T extends Throwable> Optional<T> cause(Throwable e, Class<T> type) {
    return Stream.iterate(e, Objects::nonNull, Throwable::getCause)
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst();
  }
}
