package io.approvalhub.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.approvalhub.approval.Statistics.Tool;
import io.approvalhub.kit.Disclosure;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/// Counts of one tool by status, and the median of the seconds until it was decided.
@Serdeable
record ToolCountsJson(
    @JsonProperty("tool_name") String toolName,
    long pending,
    long approved,
    long denied,
    long cancelled,
    long expired,
    long total,
    @JsonProperty("median_seconds") @Nullable Double medianSeconds) {

  static ToolCountsJson of(Tool tool) {
    var counts = tool.counts();
    return new ToolCountsJson(
        Disclosure.text(tool.name()),
        counts.pending(),
        counts.approved(),
        counts.denied(),
        counts.cancelled(),
        counts.expired(),
        counts.total(),
        tool.medianSeconds().orElse(null));
  }
}
