package io.approvalhub.database;

import io.approvalhub.configuration.Configuration;
import jakarta.inject.Singleton;
import java.util.Optional;

/// Where the store is: `hub.database`, or SQLite in `hub.data` when that is absent.
@Singleton
final class DatabaseSettings {

  private final Optional<String> url;
  private final Optional<String> user;
  private final Optional<String> password;
  private final int connections;

  DatabaseSettings(Configuration configuration) {
    var settings = configuration.section("hub").section("database").settings();
    url = settings.optional("url");
    user = settings.optional("user");
    password = settings.optional("password");
    connections = settings.number("connections", 10, 2, 100);
    settings.refuseUnknown();
    if (url.filter(text -> !text.startsWith("jdbc:postgresql:")).isPresent()) {
      throw settings.invalid("url", "must start with jdbc:postgresql:; leave it out for SQLite");
    }
  }

  Optional<String> url() {
    return url;
  }

  Optional<String> user() {
    return user;
  }

  Optional<String> password() {
    return password;
  }

  int connections() {
    return connections;
  }
}
