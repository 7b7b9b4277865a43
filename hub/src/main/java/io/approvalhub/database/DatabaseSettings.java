package io.approvalhub.database;

import io.approvalhub.configuration.Configuration;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Properties;

/// Where the store is: `hub.database`, or SQLite in `hub.data` when that is absent.
@Singleton
final class DatabaseSettings {

  private final Optional<String> url;
  private final Optional<String> directUrl;
  private final Optional<String> user;
  private final Optional<String> password;
  private final int connections;

  DatabaseSettings(Configuration configuration) {
    var settings = configuration.section("hub").section("database").settings();
    url = settings.optional("url");
    directUrl = settings.optional("direct-url");
    user = settings.optional("user");
    password = settings.optional("password");
    connections = settings.number("connections", 10, 2, 100);
    settings.refuseUnknown();
    if (url.filter(text -> !isPostgresql(text)).isPresent()) {
      throw settings.invalid("url", "must start with jdbc:postgresql:; leave it out for SQLite");
    }
    if (directUrl.filter(text -> url.isEmpty() || !isPostgresql(text)).isPresent()) {
      throw settings.invalid("direct-url", "must start with jdbc:postgresql:, and needs url");
    }
  }

  private static boolean isPostgresql(String url) {
    return url.startsWith("jdbc:postgresql:");
  }

  Optional<String> url() {
    return url;
  }

  /// Where a connection keeps its session, when `url` leads through a pooler that does not.
  Optional<String> directUrl() {
    return directUrl;
  }

  /// What the driver is told beside the address. A connection that answers nothing for so long is
  /// broken.
  Properties properties() {
    var properties = new Properties();
    user.ifPresent(name -> properties.setProperty("user", name));
    password.ifPresent(secret -> properties.setProperty("password", secret));
    properties.setProperty("ApplicationName", "approval-hub");
    // it would quote what was to be stored
    properties.setProperty("logServerErrorDetail", "false");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "30");
    if (directUrl.isPresent()) {
      // what one session prepared is unknown to the next
      properties.setProperty("prepareThreshold", "0");
    }
    return properties;
  }

  int connections() {
    return connections;
  }
}
