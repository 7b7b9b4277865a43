package io.approvalhub.channel;

import io.approvalhub.approval.ApprovalRecord.Resolution;
import io.approvalhub.approval.Capabilities;
import io.approvalhub.approval.Outbox.Copy;
import io.approvalhub.kit.Disclosure;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Call;
import io.approvalhub.plugin.Approval.Ending;
import io.approvalhub.plugin.Approval.Offer;
import io.approvalhub.plugin.Approval.Origin;
import io.approvalhub.plugin.Approval.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Turns approvals into what a channel may show: secrets masked, nothing invisible.
public final class Views {

  private Views() {}

  /// The approval as the channel shows it that has `token` for it.
  public static Approval of(Copy copy) {
    var approval = copy.approval();
    var call = approval.call();
    return new Approval(
        approval.id(),
        copy.token(),
        new Origin(
            call.agent(),
            Optional.of(Disclosure.text(call.worker())).filter(text -> !text.isBlank()),
            call.session().map(Disclosure::text),
            approval.raisedAt()),
        new Call(
            Disclosure.text(call.tool()),
            Disclosure.arguments(call.arguments()),
            Disclosure.text(call.risk()),
            Disclosure.text(call.reason())),
        new State(
            approval.version(),
            approval.status(),
            approval.expiresAt(),
            approval.resolution().map(Views::ending),
            approval.delivered(),
            approval.trouble().map(Disclosure::text)),
        new Offer(
            approval.pending() ? actions(call.takes()) : List.of(),
            call.takes().arguments(),
            call.takes().remembers()));
  }

  private static Ending ending(Resolution resolution) {
    return new Ending(
        resolution.by(),
        resolution.via(),
        resolution.at(),
        resolution.reason().map(Disclosure::text),
        resolution.arguments().map(Disclosure::arguments));
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
