package io.approvalhub.agent.relay;

import io.approvalhub.agent.AgentHub;
import java.time.Duration;
import java.time.Instant;

/// How long an approval of a relayed agent waits: no longer than the agent does.
public final class Deadline {

  private Deadline() {}

  /// When an approval found now expires.
  ///
  /// @param most how long the agent waits, less a margin
  public static Instant of(AgentHub hub, Duration most) {
    var now = hub.clock().instant();
    var latest = now.plus(most);
    return hub.expiry(now).filter(at -> at.isBefore(latest)).orElse(latest);
  }
}
