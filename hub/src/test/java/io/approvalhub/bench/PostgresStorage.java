package io.approvalhub.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;

/// A PostgreSQL of this run, durable as PostgreSQL is when nobody asks otherwise: the embedded one
/// would not wait for the disk.
final class PostgresStorage implements Storage {

  private static final String ROW = "x".repeat(500);

  private final EmbeddedPostgres server;
  private final Commits commits;

  PostgresStorage(Path folder) throws IOException, SQLException {
    server =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder.resolve("postgresql"))
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("max_connections", "100")
            .start();
    commits = new Commits(server.getPostgresDatabase().getConnection());
  }

  @Override
  public String name() {
    return "PostgreSQL";
  }

  @Override
  public String settings() {
    return "PostgreSQL "
        + commits.ask(
            "SHOW server_version",
            "SHOW fsync",
            "SHOW synchronous_commit",
            "SHOW full_page_writes",
            "SHOW wal_sync_method",
            "SHOW shared_buffers");
  }

  @Override
  public String configuration(String database) {
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + database);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return "  database: {url: \"%s\"}\n".formatted(server.getJdbcUrl("postgres", database));
  }

  @Override
  public boolean shared() {
    return true;
  }

  @Override
  public void commit() {
    commits.add(ROW);
  }

  @Override
  public void close() {
    commits.close();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
