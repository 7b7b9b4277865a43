package io.approvalhub.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.CrowdedException;
import io.approvalhub.approval.RaiseResult;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.connection.Backoff;
import io.approvalhub.database.StoreException;
import io.approvalhub.kit.Disclosure;
import io.approvalhub.kit.JsonRows.Row;
import io.approvalhub.kit.Text;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Approval.Status;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an agent lists as waiting, compared with what waits here, poll by poll: raises what is new,
/// cancels what vanished, and tells again what was decided and is still listed.
public final class WaitingList {

  private static final Logger LOG = LoggerFactory.getLogger(WaitingList.class);
  private static final int POLLS = 2;
  private static final int TELLINGS = 3;

  /// How much of an agent's own id is shown.
  private static final int LONGEST = 100;

  private final AgentHub hub;
  private final Source source;
  private final Map<String, Seen> seen = new HashMap<>();
  private final Set<String> met = new HashSet<>();
  private Set<String> leftOut = Set.of();

  public WaitingList(AgentHub hub, Source source) {
    this.hub = hub;
    this.source = source;
  }

  /// Polls once. A failed poll says nothing about any approval; whatever is wrong with one row says
  /// nothing about the others.
  public void poll() throws IOException {
    var pending = hub.pendingIds();
    meet(pending);
    var rows = source.rows();
    if (leftOut.isEmpty()) {
      hub.contact().good();
    }
    var listed = new HashSet<String>();
    var faults = new LinkedHashSet<String>();
    rows.forEach(row -> see(row, pending, listed, faults));
    seen.values()
        .removeIf(known -> !listed.contains(known.upstreamId) && isOver(known, pending, faults));
    say(faults);
  }

  private void say(Set<String> faults) {
    faults.stream()
        .filter(fault -> !leftOut.contains(fault))
        .forEach(
            fault -> {
              LOG.warn("left out of a list agent={} because={}", hub.name(), fault);
              hub.countLeftOut();
            });
    leftOut = faults;
    faults.stream()
        .findFirst()
        .ifPresent(fault -> hub.contact().trouble("lists " + fault, "takes the others"));
  }

  private void see(Row row, Set<String> pending, Set<String> listed, Set<String> faults) {
    switch (row) {
      case Row.Fault(var problem) -> faults.add("a row " + problem.problem());
      case Row.Value(var json) -> {
        try {
          source
              .call(json)
              .ifPresentOrElse(
                  call -> see(call, pending, listed, faults),
                  () -> faults.add("a row without an id or without a tool"));
        } catch (RuntimeException | Error e) {
          faults.add("a row: " + reason(e));
        }
      }
    }
  }

  /// What was raised before a restart, by another node or by a stream may vanish from the list too.
  private void meet(Set<String> pending) {
    met.retainAll(pending);
    pending.stream()
        .filter(id -> !met.contains(id))
        .flatMap(id -> hub.find(id).stream())
        .forEach(this::remember);
  }

  private void remember(ApprovalRecord approval) {
    met.add(approval.id());
    approval
        .call()
        .upstreamId()
        .ifPresent(id -> seen.put(id, new Seen(id, approval.id(), approval.call().digest())));
  }

  private void see(ToolCall call, Set<String> pending, Set<String> listed, Set<String> faults) {
    var id = call.upstreamId().orElseThrow();
    if (!listed.add(id)) {
      faults.add("a second approval under the id of another");
      return;
    }
    try {
      see(call, id, pending);
    } catch (CrowdedException e) {
      faults.add("more than there is room for: " + Backoff.reason(e));
    } catch (RuntimeException | Error e) {
      faults.add("%s: %s".formatted(Text.fit(Disclosure.text(id), LONGEST), reason(e)));
    }
  }

  private void see(ToolCall call, String id, Set<String> pending) {
    var known = seen.get(id);
    if (known == null) {
      raise(call);
    } else if (!known.digest.equals(call.digest())) {
      replace(known, call);
    } else {
      known.missing = 0;
      if (!pending.contains(known.approval)) {
        decidedButListed(known, call);
      }
    }
  }

  private void replace(Seen known, ToolCall call) {
    if (source.isElsewhere(approval(known))) {
      LOG.warn("other arguments than its stream asked with: ignored approval={}", known.approval);
      known.missing = 0;
      return;
    }
    LOG.warn("same id, other arguments: replaced approval={}", known.approval);
    hub.vanished(known.approval, "the agent asks under the same id with other arguments");
    raise(call);
  }

  /// What cannot be raised for want of room waits at the agent for the next poll.
  private void raise(ToolCall call) {
    remember(hub.raise(call));
  }

  private void remember(RaiseResult raised) {
    remember(raised.approval());
    if (raised instanceof RaiseResult.Conflict && !source.isElsewhere(raised.approval())) {
      LOG.warn("same call, other description approval={}", raised.approval().id());
    }
  }

  /// It may be on its way to the agent, or the agent acknowledged it and did not act, or it had
  /// vanished and is back.
  private void decidedButListed(Seen known, ToolCall call) {
    var approval = approval(known);
    if (source.isElsewhere(approval)) {
      clear(known, approval);
    } else if (approval.status() == Status.CANCELLED
        && approval.delivered() == DeliveryStatus.GONE) {
      LOG.warn("back after it had vanished approval={}", approval.id());
      seen.remove(known.upstreamId);
      raise(call.after(approval.id()));
    } else if (isTold(approval) && ++known.afterTold >= POLLS) {
      known.afterTold = 0;
      tellAgain(known, approval);
    }
  }

  private void clear(Seen known, ApprovalRecord approval) {
    if (!approval.untold() && ++known.afterTold >= POLLS && known.tellings++ < TELLINGS) {
      known.afterTold = 0;
      source.clear(approval);
    }
  }

  private static boolean isTold(ApprovalRecord approval) {
    return approval.delivered() == DeliveryStatus.DELIVERED
        || approval.delivered() == DeliveryStatus.UNKNOWN;
  }

  private void tellAgain(Seen known, ApprovalRecord approval) {
    if (known.tellings++ < TELLINGS) {
      LOG.warn("still listed after it was told approval={} next=tell again", approval.id());
      hub.tellAgain(approval);
    } else if (known.tellings == TELLINGS + 1) {
      LOG.error("still listed after {} tellings approval={} next=nothing", TELLINGS, approval.id());
      hub.contact().trouble("takes decisions and does not act on them", "goes on polling");
    }
  }

  private boolean isOver(Seen known, Set<String> pending, Set<String> faults) {
    try {
      return isOver(known, pending);
    } catch (RuntimeException | Error e) {
      faults.add("%s: %s".formatted(known.approval, reason(e)));
      return false;
    }
  }

  /// What was wrong with one row, unless the store fails whatever the row.
  private String reason(Throwable failure) {
    if (failure instanceof StoreException) {
      hub.pendingIds();
    }
    return failure instanceof Exception e ? Backoff.reason(e) : failure.getClass().getSimpleName();
  }

  private boolean isOver(Seen known, Set<String> pending) {
    if (!pending.contains(known.approval)) {
      return true;
    }
    if (++known.missing < POLLS || source.isElsewhere(approval(known))) {
      return false;
    }
    hub.vanished(known.approval, "decided elsewhere, or the agent restarted");
    return true;
  }

  private ApprovalRecord approval(Seen known) {
    return hub.find(known.approval).orElseThrow();
  }

  /// Where an agent lists what waits.
  public interface Source {

    /// Everything that waits there.
    List<Row> rows() throws IOException;

    /// The tool call of a row, with the agent's own id; empty when it lacks what makes it one.
    Optional<ToolCall> call(JsonNode row);

    /// Whether an approval that may be listed waits in a stream, which says how it ends.
    default boolean isElsewhere(ApprovalRecord approval) {
      return false;
    }

    /// Capabilities an approval off the list that ended elsewhere and is still listed.
    default void clear(ApprovalRecord approval) {}
  }

  private static final class Seen {
    private final String upstreamId;
    private final String approval;
    private final String digest;
    private int missing;
    private int afterTold;
    private int tellings;

    private Seen(String upstreamId, String approval, String digest) {
      this.upstreamId = upstreamId;
      this.approval = approval;
      this.digest = digest;
    }
  }
}
