package io.approvalhub.agent.relay;

/// Whether clients see the events that ask for an approval. One that asks its own user must not.
public enum ApprovalEvents {
  WITHHELD,
  PASS
}
