package io.approvalhub.agent;

import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.ApprovalRecord.Resolution;
import io.approvalhub.plugin.Approval.Status;
import java.util.Optional;

/// What agents are told, in words that all of them share.
public final class Wording {

  private Wording() {}

  /// Why the tool call may run or not: the person's reason, or what happened instead of a decision.
  public static Optional<String> reason(ApprovalRecord approval) {
    return switch (approval.status()) {
      case APPROVED, DENIED -> approval.resolution().flatMap(Resolution::reason);
      case EXPIRED -> Optional.of("Expired: nobody decided in time");
      case CANCELLED -> Optional.of("Cancelled by " + approval.decidedBy().orElse("the hub"));
      case PENDING -> Optional.empty();
    };
  }

  /// Whether the tool call may run.
  public static boolean approved(ApprovalRecord approval) {
    return approval.status() == Status.APPROVED;
  }
}
