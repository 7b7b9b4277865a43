package io.approvalhub.approval;

import io.approvalhub.plugin.Approval.Status;
import java.util.Optional;

/// Which approvals to list, oldest first.
///
/// @param after only those raised after the approval of this id; empty text for all
public record Selection(Optional<Status> status, Optional<String> agent, String after, int limit) {

  public static final int MOST = 500;

  /// The oldest that wait for `agent`.
  public static Selection pending(String agent, String after) {
    return new Selection(Optional.of(Status.PENDING), Optional.of(agent), after, MOST);
  }
}
