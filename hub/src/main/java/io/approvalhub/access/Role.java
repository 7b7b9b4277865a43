package io.approvalhub.access;

/// What a key may do: raise approvals, decide them, or look at them.
public enum Role {
  AGENT,
  OPERATOR,
  OBSERVER
}
