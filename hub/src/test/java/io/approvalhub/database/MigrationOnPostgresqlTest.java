package io.approvalhub.database;

import java.nio.file.Path;
import java.util.Map;

final class MigrationOnPostgresqlTest extends MigrationContract {

  @Override
  String url(Path data) {
    return Postgres.shared().create("migration");
  }

  @Override
  Map<String, Object> settings(String url) {
    return Map.of("hub.database.url", url);
  }

  @Override
  String migrations() {
    return "postgresql";
  }
}
