package io.approvalhub.agent.hivegate;

import java.util.Map;

final class ListedRowsOnSqliteTest extends ListedRowsContract {

  @Override
  Map<String, Object> database() {
    return Map.of();
  }
}
