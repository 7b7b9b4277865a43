package io.approvalhub.agent.hivegate;

import io.approvalhub.database.Postgres;
import java.util.Map;

final class ListedRowsOnPostgresqlTest extends ListedRowsContract {

  @Override
  Map<String, Object> database() {
    return Map.of("hub.database.url", Postgres.shared().create("rows"));
  }
}
