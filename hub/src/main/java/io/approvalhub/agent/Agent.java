package io.approvalhub.agent;

import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import java.io.IOException;

/// A configured system of agents that can be told how its approvals ended.
public interface Agent {

  /// Tells how an approval ended: approved, denied, cancelled or expired.
  ///
  /// Called on a virtual thread, for several approvals at once. Failures are told apart as for
  /// [io.approvalhub.plugin.Channel].
  ///
  /// @param repeated whether it may have been told before and the answer was lost
  Answer tell(ApprovalRecord approval, boolean repeated) throws IOException;

  /// What the agent made of it.
  ///
  /// @param detail for the audit, without secrets
  record Answer(DeliveryStatus delivered, String detail) {

    /// There is nothing to record: it is not the agent's turn yet, or it has been recorded.
    public static final Answer NONE = new Answer(DeliveryStatus.WAITING, "");

    /// The same, come after nobody waited for it any more.
    public Answer late() {
      return new Answer(delivered, detail + ", late");
    }
  }
}
