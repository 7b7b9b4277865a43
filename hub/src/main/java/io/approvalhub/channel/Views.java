package io.approvalhub.channel;

import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.ApprovalRecord.Resolution;
import io.approvalhub.approval.Capabilities;
import io.approvalhub.approval.Outbox.Copy;
import io.approvalhub.kit.CallView;
import io.approvalhub.kit.Disclosure;
import io.approvalhub.kit.Words;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Answer;
import io.approvalhub.plugin.Approval.Ballot;
import io.approvalhub.plugin.Approval.Ending;
import io.approvalhub.plugin.Approval.Offer;
import io.approvalhub.plugin.Approval.Origin;
import io.approvalhub.plugin.Approval.Remarks;
import io.approvalhub.plugin.Approval.State;
import io.approvalhub.plugin.Approval.Tally;
import io.approvalhub.plugin.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Turns approvals into what a channel may show: secrets masked, nothing invisible, in the words of
/// who reads it.
final class Views {

  private final Presentations presentations;
  private final Words words;

  Views(Presentations presentations, Reader reader) {
    this.presentations = presentations;
    words = Words.of(reader);
  }

  /// The approval as the channel shows it that has `token` for it.
  ///
  /// @param ballots what people have said of it
  Approval of(Copy copy, List<Ballot> ballots) {
    var approval = copy.approval();
    var call = approval.call();
    var view = new CallView(words, presentations.of(call), call.tool(), call.arguments());
    return new Approval(
        approval.id(),
        copy.token(),
        origin(approval),
        view.call(
            call.agent(),
            new Remarks(call.risk(), call.reason(), call.annotations().hints()),
            call.annotations().title()),
        new State(
            approval.version(),
            approval.status(),
            approval.expiresAt(),
            new Tally(approval.terms().quorum(), ballots.stream().map(Views::shown).toList()),
            approval.resolution().map(resolution -> ending(view, resolution)),
            new Answer(approval.delivered(), approval.trouble().map(Disclosure::text))),
        new Offer(
            approval.pending() ? actions(call.takes()) : List.of(),
            call.takes().arguments(),
            call.takes().remembers()));
  }

  private static Origin origin(ApprovalRecord approval) {
    var call = approval.call();
    return new Origin(
        call.agent(),
        Optional.of(Disclosure.text(call.worker())).filter(text -> !text.isBlank()),
        call.session().map(Disclosure::text),
        approval.raisedAt());
  }

  private static Ballot shown(Ballot ballot) {
    var reason = ballot.reason().map(Disclosure::text);
    return new Ballot(ballot.by(), ballot.via(), ballot.at(), ballot.verdict(), reason);
  }

  private static Ending ending(CallView view, Resolution resolution) {
    return new Ending(
        resolution.by(),
        resolution.via(),
        resolution.at(),
        resolution.reason().map(Disclosure::text),
        resolution.arguments().map(view::amendment));
  }

  private static List<Action> actions(Capabilities takes) {
    var actions = new ArrayList<Action>();
    actions.add(Action.APPROVE);
    takes.remembers().ifPresent(_ -> actions.add(Action.APPROVE_AND_REMEMBER));
    actions.add(Action.DENY);
    if (takes.reason()) {
      actions.add(Action.DENY_WITH_REASON);
    }
    return actions;
  }
}
