package io.approvalhub.api;

import io.approvalhub.approval.Statistics.Counts;
import io.micronaut.serde.annotation.Serdeable;

/// Counts by status.
@Serdeable
record CountsJson(
    long pending, long approved, long denied, long cancelled, long expired, long total) {

  static CountsJson of(Counts counts) {
    return new CountsJson(
        counts.pending(),
        counts.approved(),
        counts.denied(),
        counts.cancelled(),
        counts.expired(),
        counts.total());
  }
}
