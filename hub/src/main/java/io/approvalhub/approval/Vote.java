package io.approvalhub.approval;

import io.approvalhub.plugin.Verdict;
import java.util.Optional;

/// What somebody wants decided.
///
/// @param reason in their words
/// @param arguments JSON that replaces the tool call's arguments as a whole
/// @param remember approve similar calls too
public record Vote(
    Verdict verdict, Optional<String> reason, Optional<String> arguments, boolean remember) {

  public static final int LONGEST_REASON = 3000;

  /// Why it asks for more than the agent can take or people are offered, if it does.
  Optional<String> objection(ApprovalRecord approval) {
    var takes = approval.call().takes();
    var offers = approval.terms().offers();
    if (!offers.contains(verdict == Verdict.APPROVE ? Choice.APPROVE : Choice.DENY)) {
      return Optional.of("this cannot be decided so here");
    }
    if (arguments.isPresent() && verdict == Verdict.DENY) {
      return Optional.of("modified_args goes with an approval only");
    }
    if (arguments.isPresent() && !(takes.arguments() && offers.contains(Choice.APPROVE_EDITED))) {
      return Optional.of("modified_args: this agent does not take edited arguments");
    }
    if (remember
        && (verdict == Verdict.DENY
            || takes.remembers().isEmpty()
            || !offers.contains(Choice.APPROVE_AND_REMEMBER))) {
      return Optional.of("remember: this agent cannot remember an approval");
    }
    return Optional.empty();
  }

  /// Who says so.
  ///
  /// @param person by the operator's name for them
  /// @param via the channel, or `api`
  /// @param account the one that it came from: the platform's id, or the name of the key
  record Voter(String person, String via, String account) {}
}
