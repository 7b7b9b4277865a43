package io.approvalhub.channel;

import io.approvalhub.database.Postgres;
import java.util.Map;

final class UpdatesOnPostgresqlTest extends UpdatesContract {

  @Override
  Map<String, Object> database() {
    return Map.of("hub.database.url", Postgres.shared().create("updates"));
  }
}
