package io.approvalhub.kit.parts;

import io.approvalhub.kit.CallView;
import io.approvalhub.kit.Words;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Answer;
import io.approvalhub.plugin.Approval.Ending;
import io.approvalhub.plugin.Approval.Offer;
import io.approvalhub.plugin.Approval.Origin;
import io.approvalhub.plugin.Approval.State;
import io.approvalhub.plugin.Approval.Status;
import io.approvalhub.plugin.Approval.Tally;
import io.approvalhub.plugin.Reader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Approvals as a plugin is handed them.
final class Approvals {

  static final Instant NOON = Instant.parse("2026-11-21T12:04:00Z");

  private Approvals() {}

  static Approval pending(String tool, String arguments, String reason) {
    return approval(view(tool, arguments), reason, Status.PENDING, Optional.empty());
  }

  /// Approved by Alice on her phone.
  static Approval approved(String tool, String arguments, String reason) {
    return approval(
        view(tool, arguments), reason, Status.APPROVED, Optional.of(ending(Optional.empty())));
  }

  /// The same with other arguments.
  static Approval edited(String tool, String arguments, String edited) {
    var view = view(tool, arguments);
    return approval(
        view, "", Status.APPROVED, Optional.of(ending(Optional.of(view.amendment(edited)))));
  }

  private static Ending ending(Optional<Approval.Amendment> amendment) {
    return new Ending("Alice", "phone", NOON, Optional.empty(), amendment);
  }

  private static CallView view(String tool, String arguments) {
    return new CallView(Words.of(Reader.DEFAULT), Presentation.NONE, tool, arguments);
  }

  private static Approval approval(
      CallView view, String reason, Status status, Optional<Ending> ending) {
    return new Approval(
        "01jd2c3d4e5f6g7h8j9k0m1n2p",
        "token",
        new Origin("coder", Optional.empty(), Optional.empty(), NOON),
        view.call("coder", "high", reason),
        new State(1, status, Optional.empty(), Tally.ONE, ending, Answer.NONE),
        new Offer(List.of(Action.APPROVE, Action.DENY), false, Optional.empty()));
  }
}
