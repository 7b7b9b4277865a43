package io.approvalhub.database;

import java.nio.file.Path;
import java.util.Map;

final class MigrationOnSqliteTest extends MigrationContract {

  @Override
  String url(Path data) {
    return "jdbc:sqlite:" + data.resolve("hub.db");
  }

  @Override
  Map<String, Object> settings(String url) {
    return Map.of();
  }

  @Override
  String migrations() {
    return "sqlite";
  }
}
