package io.approvalhub.plugin;

/// What a person can do with a pending approval; one button each. [Approval#actions] holds those
/// that the approval's agent can take.
public enum Action {
  /// Let the tool call run as it is shown.
  APPROVE('a', Verdict.APPROVE),

  /// Let it run, and similar calls after it without asking: how similar is [Approval#remembers].
  APPROVE_AND_REMEMBER('s', Verdict.APPROVE),

  /// Refuse the tool call.
  DENY('d', Verdict.DENY),

  /// Ask the person for a reason first, then refuse the tool call; the reason goes to the agent.
  DENY_WITH_REASON('r', Verdict.DENY);

  private final char code;
  private final Verdict verdict;

  Action(char code, Verdict verdict) {
    this.code = code;
    this.verdict = verdict;
  }

  /// What pressing the button decides.
  public Verdict verdict() {
    return verdict;
  }

  char code() {
    return code;
  }
}
