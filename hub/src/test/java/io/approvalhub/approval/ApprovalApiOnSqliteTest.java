package io.approvalhub.approval;

import java.util.Map;

final class ApprovalApiOnSqliteTest extends ApprovalApiContract {

  @Override
  Map<String, Object> database() {
    return Map.of();
  }
}
