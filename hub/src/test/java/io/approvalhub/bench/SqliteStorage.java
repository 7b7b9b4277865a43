package io.approvalhub.bench;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/// SQLite as the hub sets it: a write-ahead log, synchronised with each commit.
final class SqliteStorage implements Storage {

  private static final String ROW = "x".repeat(500);

  private final Commits commits;

  SqliteStorage(Path folder) throws SQLException {
    var properties = new Properties();
    properties.setProperty("journal_mode", "WAL");
    properties.setProperty("synchronous", "FULL");
    var url = "jdbc:sqlite:" + folder.resolve("floor.db");
    commits = new Commits(DriverManager.getConnection(url, properties));
  }

  @Override
  public String name() {
    return "SQLite";
  }

  @Override
  public String settings() {
    return "SQLite: " + commits.ask("PRAGMA journal_mode", "PRAGMA synchronous");
  }

  /// A hub has one of its own in its data folder.
  @Override
  public String configuration(String database) {
    return "";
  }

  @Override
  public boolean shared() {
    return false;
  }

  @Override
  public void commit() {
    commits.add(ROW);
  }

  @Override
  public void close() {
    commits.close();
  }
}
