package io.approvalhub.approval;

import io.approvalhub.approval.ApprovalRecord.Resolution;
import io.approvalhub.kit.Disclosure;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// How long approvals waited until they ended on this node, for the metrics: by agent, tool and
/// status. Agents name the tools, so only so many are told apart.
@Singleton
final class Waits {

  /// What the tools are called for which there is no room.
  static final String OTHERS = "(others)";

  private static final int MOST_TOOLS = 200;

  private static final Duration[] STEPS = {
    Duration.ofSeconds(10),
    Duration.ofMinutes(1),
    Duration.ofMinutes(10),
    Duration.ofHours(1),
    Duration.ofDays(1)
  };

  private final MeterRegistry meters;
  private final Set<String> tools = new HashSet<>();

  Waits(MeterRegistry meters) {
    this.meters = meters;
  }

  /// Counts an approval that has just ended.
  void ended(ApprovalRecord approval) {
    var end = approval.resolution().map(Resolution::at).orElseThrow();
    Timer.builder("approvalhub.waited")
        .description("How long approvals waited until they ended")
        .tag("agent", approval.call().agent())
        .tag("tool", known(Disclosure.text(approval.call().tool())))
        .tag("status", approval.status().name().toLowerCase(Locale.ROOT))
        .serviceLevelObjectives(STEPS)
        .register(meters)
        .record(Duration.between(approval.raisedAt(), end));
  }

  private synchronized String known(String tool) {
    return tools.contains(tool) || (tools.size() < MOST_TOOLS && tools.add(tool)) ? tool : OTHERS;
  }
}
