package io.approvalhub.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/// A table into which rows are put, each in a transaction of its own.
final class Commits implements AutoCloseable {

  private final Connection connection;
  private final PreparedStatement insert;

  Commits(Connection connection) throws SQLException {
    this.connection = connection;
    try (var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE floor (content TEXT NOT NULL)");
    }
    insert = connection.prepareStatement("INSERT INTO floor (content) VALUES (?)");
  }

  synchronized void add(String content) {
    try {
      insert.setString(1, content);
      insert.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The answers to questions such as `SHOW fsync`, each with its question.
  synchronized List<String> ask(String... questions) {
    return List.of(questions).stream()
        .map(question -> question.replaceAll("^\\w+ ", "") + "=" + answer(question))
        .toList();
  }

  private String answer(String question) {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(question)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
