package io.approvalhub.approval;

import io.approvalhub.database.Postgres;
import java.util.Map;

final class ApprovalApiOnPostgresqlTest extends ApprovalApiContract {

  @Override
  Map<String, Object> database() {
    return Map.of("hub.database.url", Postgres.shared().create("approvalapi"));
  }
}
