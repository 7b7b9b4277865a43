package io.approvalhub.database;

import io.approvalhub.Ports;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

/// A real PostgreSQL, which may be ended and started again on the same data and port.
public final class Postgres implements AutoCloseable {

  private final Path data;
  private final int port;
  private EmbeddedPostgres server;

  public Postgres(Path folder) {
    data = folder.resolve("postgres");
    port = Ports.free();
    server = start();
  }

  /// One for all tests of this process, which ends with it.
  public static Postgres shared() {
    return Shared.POSTGRES;
  }

  /// Creates an empty database.
  ///
  /// @return its address
  public String create(String name) {
    try (var connection = DriverManager.getConnection(url("postgres"));
        var statement = connection.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(name));
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return url(name);
  }

  /// Ends it, with every connection.
  public void end() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts it again.
  public void restart() {
    server = start();
  }

  @Override
  public void close() {
    end();
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=postgres".formatted(port, database);
  }

  private EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.builder()
          .setDataDirectory(data)
          .setPGStartupWait(Duration.ofMinutes(1))
          .setCleanDataDirectory(false)
          .setPort(port)
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Shared {
    private static final Postgres POSTGRES = start();

    private static Postgres start() {
      try {
        var folder = Files.createTempDirectory("postgres");
        var postgres = new Postgres(folder);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(postgres::close));
        return postgres;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
