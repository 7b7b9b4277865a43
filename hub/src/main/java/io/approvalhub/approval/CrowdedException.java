package io.approvalhub.approval;

/// As many approvals wait for an agent as may: nothing more is raised for it until some have ended.
public final class CrowdedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  CrowdedException(String agent, int most) {
    super(
        "%d approvals of agent %s wait, which is as many as may (hub.most-pending)"
            .formatted(most, agent),
        null,
        false,
        false);
  }
}
