package io.approvalhub.plugin;

/// The two things that can be decided.
public enum Verdict {
  APPROVE,
  DENY
}
