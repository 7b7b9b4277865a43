package io.approvalhub.delivery;

import io.approvalhub.database.Postgres;
import java.util.Map;

final class CourierOnPostgresqlTest extends CourierContract {

  @Override
  Map<String, Object> database() {
    return Map.of("hub.database.url", Postgres.shared().create("courier"));
  }
}
