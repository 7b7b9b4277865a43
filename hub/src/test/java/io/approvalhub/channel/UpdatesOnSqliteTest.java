package io.approvalhub.channel;

import java.util.Map;

final class UpdatesOnSqliteTest extends UpdatesContract {

  @Override
  Map<String, Object> database() {
    return Map.of();
  }
}
