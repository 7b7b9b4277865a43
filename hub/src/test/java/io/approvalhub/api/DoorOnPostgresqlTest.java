package io.approvalhub.api;

import io.approvalhub.database.Postgres;
import java.util.Map;

final class DoorOnPostgresqlTest extends DoorContract {

  @Override
  Map<String, Object> database() {
    return Map.of("hub.database.url", Postgres.shared().create("door"));
  }
}
