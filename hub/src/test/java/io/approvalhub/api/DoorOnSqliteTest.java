package io.approvalhub.api;

import java.util.Map;

final class DoorOnSqliteTest extends DoorContract {

  @Override
  Map<String, Object> database() {
    return Map.of();
  }
}
