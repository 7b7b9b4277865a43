package io.approvalhub.agent;

import io.approvalhub.agent.Agent.Answer;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.RaiseResult;
import io.approvalhub.approval.Selection;
import io.approvalhub.approval.Target;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.connection.Contact;
import io.approvalhub.plugin.Approval.Status;
import io.approvalhub.plugin.Connection;
import io.approvalhub.plugin.Settings;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The hub as one agent sees it: where its approvals are raised and looked up, and where it says
/// what became of them. It shows no approval of another agent.
public final class AgentHub {

  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(10);

  private final String name;
  private final Optional<Duration> expiresIn;
  private final AgentServices services;

  /// @param expiresIn how long its approvals wait, if the operator limits it
  AgentHub(String name, Optional<Duration> expiresIn, AgentServices services) {
    this.name = name;
    this.expiresIn = expiresIn;
    this.services = services;
  }

  /// The name of the agent.
  public String name() {
    return name;
  }

  Optional<Duration> expiresIn() {
    return expiresIn;
  }

  public InstantSource clock() {
    return services.clock();
  }

  /// How things stand with what comes from the agent.
  public Contact contact() {
    return services.contacts().of(Target.agent(name) + ":in");
  }

  /// Counts what the agent lists and the hub does not take.
  void countLeftOut() {
    Counter.builder("approvalhub.left.out")
        .description("Approvals that an agent lists and the hub does not take")
        .tag("agent", name)
        .register(services.meters())
        .increment();
  }

  public RaiseResult raise(ToolCall call) {
    return services.desk().raise(call);
  }

  /// Raises tool calls that belong together: all of them, or none.
  public List<RaiseResult> raise(List<ToolCall> calls) {
    return services.desk().raise(calls);
  }

  /// The approval of this id.
  public Optional<ApprovalRecord> find(String id) {
    return services.desk().find(id).filter(approval -> approval.call().agent().equals(name));
  }

  /// The approval that was raised under this key.
  public Optional<ApprovalRecord> findByKey(String key) {
    return services.desk().find(name, key);
  }

  /// Cancels an approval that the agent no longer waits for, so that it need not be told.
  public void vanished(String id, String why) {
    services.desk().vanished(id, why);
  }

  /// Cancels an approval that nobody needs any more, and has the agent told.
  public void cancel(String id, String why) {
    services.desk().cancel(id, "the hub", "hub", Optional.of(why), false);
  }

  /// Records what the agent made of how an approval ended.
  public void told(ApprovalRecord approval, Answer answer) {
    services.desk().told(approval.id(), answer.delivered(), answer.detail());
  }

  /// Has the agent told once more, which did not act on what it was told.
  public void tellAgain(ApprovalRecord approval) {
    services.desk().tellAgain(approval);
  }

  /// Everything of this agent that waits, read a page at a time.
  public Stream<ApprovalRecord> pending() {
    return Stream.iterate(page(""), page -> !page.isEmpty(), page -> page(page.getLast().id()))
        .flatMap(List::stream);
  }

  public Set<String> pendingIds() {
    return services.desk().pendingIds(name);
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
        .flatMap(person -> services.people().id(person, type));
  }

  private List<ApprovalRecord> page(String after) {
    return services.desk().list(Selection.pending(name, after));
  }

  private static boolean isDecided(ApprovalRecord approval) {
    return approval.status() == Status.APPROVED || approval.status() == Status.DENIED;
  }

  /// Keeps a connection open on one node at a time.
  public void connect(String connection, Connection work) {
    services.supervisor().keep(Target.agent(name) + ":" + connection, contact(), work);
  }

  /// Asks the agent what waits.
  @FunctionalInterface
  public interface Poll {
    void once() throws IOException;
  }
}
