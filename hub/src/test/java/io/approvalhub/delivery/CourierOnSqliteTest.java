package io.approvalhub.delivery;

import java.util.Map;

final class CourierOnSqliteTest extends CourierContract {

  @Override
  Map<String, Object> database() {
    return Map.of();
  }
}
