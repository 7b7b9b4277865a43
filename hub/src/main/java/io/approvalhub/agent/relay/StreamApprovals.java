package io.approvalhub.agent.relay;

import static io.approvalhub.agent.relay.ApprovalLifetime.INDEPENDENT;

import io.approvalhub.approval.RaiseResult;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.connection.Backoff;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The approvals that were found in one stream, and that end with it unless they wait whether or
/// not anybody reads.
final class StreamApprovals {

  private static final Logger LOG = LoggerFactory.getLogger(StreamApprovals.class);

  private final RelayedStream.Origin origin;
  private final BooleanSupplier clientIsGone;
  private final Set<String> waiting = ConcurrentHashMap.newKeySet();

  StreamApprovals(RelayedStream.Origin origin, BooleanSupplier clientIsGone) {
    this.origin = origin;
    this.clientIsGone = clientIsGone;
  }

  void raise(List<ToolCall> calls) {
    if (!calls.isEmpty()) {
      origin.hub().raise(calls).forEach(this::raised);
    }
  }

  void cancelAll(String why) {
    waiting.forEach(approval -> cancel(approval, why));
  }

  private void raised(RaiseResult result) {
    var approval = result.approval();
    if (!approval.pending()) {
      // unless the agent is being told just now, which ends the part as well
      origin.streams().take(approval.call()).ifPresent(RelayedStream::told);
    } else if (result instanceof RaiseResult.Conflict conflict && !conflict.isDescription()) {
      // what was shown is no longer what is asked, so nobody may approve it
      cancel(approval.id(), "asked again with other content");
    } else if (origin.finder().lifetime() != INDEPENDENT) {
      waits(approval.id());
    }
  }

  private void waits(String approval) {
    waiting.add(approval);
    if (clientIsGone.getAsBoolean()) {
      cancelAll("the client has gone");
    }
  }

  /// Cancels an approval, however often that takes: nobody else knows that it has to be.
  private void cancel(String approval, String why) {
    for (var failures = 0; ; failures++) {
      try {
        origin.hub().cancel(approval, why);
        return;
      } catch (RuntimeException e) {
        if (failures == 0) {
          LOG.warn(
              "not cancelled approval={} because={} next=again and again, or at the next start",
              approval,
              Backoff.reason(e));
        }
        if (!origin.streams().pause()) {
          return;
        }
      }
    }
  }
}
