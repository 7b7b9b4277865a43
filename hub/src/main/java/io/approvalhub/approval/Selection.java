package io.approvalhub.approval;

import io.approvalhub.plugin.Approval.Status;
import java.util.Optional;

/// Which approvals to list: what waits oldest first, what ended newest first.
///
/// @param after only those behind the approval of this id in that order; empty text for all
public record Selection(Optional<Status> status, Optional<String> agent, String after, int limit) {

  public static final int MOST = 500;

  boolean newestFirst() {
    return status.filter(wanted -> wanted != Status.PENDING).isPresent();
  }

  /// The oldest that wait for `agent`.
  public static Selection pending(String agent, String after) {
    return new Selection(Optional.of(Status.PENDING), Optional.of(agent), after, MOST);
  }
}
