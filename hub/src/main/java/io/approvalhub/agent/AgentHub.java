package io.approvalhub.agent;

import io.approvalhub.access.People;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.Desk;
import io.approvalhub.approval.RaiseResult;
import io.approvalhub.approval.Selection;
import io.approvalhub.approval.Target;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.connection.Contact;
import io.approvalhub.connection.Contacts;
import io.approvalhub.connection.Supervisor;
import io.approvalhub.plugin.Approval.Status;
import io.approvalhub.plugin.Connection;
import io.approvalhub.plugin.Settings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The hub as one agent sees it.
///
/// @param name of the agent
/// @param expiresIn how long its approvals wait, if the operator limits it
public record AgentHub(
    String name,
    Optional<Duration> expiresIn,
    Desk desk,
    Supervisor supervisor,
    Contacts contacts,
    People people,
    InstantSource clock) {

  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(10);

  /// How things stand with what comes from the agent.
  public Contact contact() {
    return contacts.of(Target.agent(name) + ":in");
  }

  public RaiseResult raise(ToolCall call) {
    return desk.raise(call);
  }

  /// Raises tool calls that belong together: all of them, or none.
  public List<RaiseResult> raise(List<ToolCall> calls) {
    return desk.raise(calls);
  }

  /// Everything of this agent that waits.
  public List<ApprovalRecord> pending() {
    var pending = new ArrayList<ApprovalRecord>();
    var after = "";
    while (true) {
      var page = desk.list(Selection.pending(name, after));
      pending.addAll(page);
      if (page.size() < Selection.MOST) {
        return pending;
      }
      after = page.getLast().id();
    }
  }

  public Set<String> pendingIds() {
    return desk.pendingIds(name);
  }

  /// When an approval asked for at `asked` expires.
  public Optional<Instant> expiry(Instant asked) {
    return expiresIn.map(asked::plus);
  }

  /// Polls again and again, on one node at a time, with a pause that the operator may set.
  public void poll(Settings settings, Duration otherwise, Poll poll) {
    var interval = settings.duration("poll-interval", otherwise);
    if (interval.compareTo(SHORTEST_INTERVAL) < 0) {
      throw settings.invalid("poll-interval", "must be at least 10ms");
    }
    connect(
        "poll",
        () -> {
          while (true) {
            poll.once();
            Thread.sleep(interval);
          }
        });
  }

  /// Who decided, by the id that the operator gave that person in agents of this type.
  public Optional<String> decider(ApprovalRecord approval, String type) {
    return approval
        .decidedBy()
        .filter(_ -> isDecided(approval))
        .flatMap(name -> people.id(name, type));
  }

  private static boolean isDecided(ApprovalRecord approval) {
    return approval.status() == Status.APPROVED || approval.status() == Status.DENIED;
  }

  /// Keeps a connection open on one node at a time.
  public void connect(String connection, Connection work) {
    supervisor.keep(Target.agent(name) + ":" + connection, contact(), work);
  }

  /// Asks the agent what waits.
  @FunctionalInterface
  public interface Poll {
    void once() throws IOException;
  }
}
