package io.approvalhub.agent;

import io.approvalhub.agent.Agent.Answer;
import io.approvalhub.kit.JsonHttp.Reply;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import java.io.IOException;

/// What an agent's answer means when it is not the one hoped for.
public final class Answers {

  private Answers() {}

  /// The failure that an answer stands for.
  ///
  /// @param who answered, such as `HiveGate`
  /// @param credentials the settings to check when they were refused
  public static IOException failure(Reply reply, String who, String credentials) {
    return switch (reply.status()) {
      case 401, 403 ->
          new StoppedException(
              "%s answered %d; check %s".formatted(who, reply.status(), credentials));
      case 429, 503 ->
          reply
              .retryAfter()
              .<IOException>map(delay -> new TryAgainException(who + " asked to wait", delay))
              .orElseGet(() -> answered(reply, who));
      default -> answered(reply, who);
    };
  }

  /// What a call that is not repeated came to when its answer is no known one.
  ///
  /// @param what was answered, such as `Mixpeek answered a confirmation`
  public static Answer refused(AgentHub hub, String what, int status) {
    hub.contact().trouble(what + " with " + status, "does not repeat it");
    return new Answer(
        status / 100 == 4 ? DeliveryStatus.GONE : DeliveryStatus.UNKNOWN, "answered " + status);
  }

  private static IOException answered(Reply reply, String who) {
    return new IOException(
        reply.ok()
            ? who + " answered something other than was asked for"
            : who + " answered " + reply.status());
  }
}
