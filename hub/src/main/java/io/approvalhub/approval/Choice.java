package io.approvalhub.approval;

/// What a person can be offered, where the agent can take it.
public enum Choice {
  APPROVE,
  APPROVE_AND_REMEMBER,
  APPROVE_EDITED,
  DENY,
  DENY_WITH_REASON
}
