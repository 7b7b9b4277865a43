package io.approvalhub.approval;

import io.approvalhub.plugin.Approval.Status;
import java.util.Optional;

/// Which approvals to list: what waits oldest first, what ended newest first. A list ends early
/// where the arguments on it are large, so the last one is the one that is empty.
///
/// @param after only those behind the approval of this id in that order; empty text for all
public record Selection(Optional<Status> status, Optional<String> agent, String after, int limit) {

  public static final int MOST = 500;

  /// Of arguments on one list, unless it has one approval only.
  static final int MOST_CHARACTERS = 4_000_000;

  boolean newestFirst() {
    return status.filter(wanted -> wanted != Status.PENDING).isPresent();
  }

  /// The oldest that wait for `agent`.
  public static Selection pending(String agent, String after) {
    return new Selection(Optional.of(Status.PENDING), Optional.of(agent), after, MOST);
  }
}
