package io.approvalhub.approval;

import io.approvalhub.access.Access;
import io.approvalhub.access.Actor;
import io.approvalhub.access.Permission;
import io.approvalhub.approval.ApprovalRecord.Edit;
import io.approvalhub.approval.ApprovalRecord.Resolution;
import io.approvalhub.approval.ApprovalRecord.Standing;
import io.approvalhub.approval.Timers.Timer;
import io.approvalhub.approval.Vote.Voter;
import io.approvalhub.database.Database;
import io.approvalhub.database.StoreException;
import io.approvalhub.kit.Disclosure;
import io.approvalhub.kit.Words;
import io.approvalhub.plugin.Approval.Ballot;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Approval.Status;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where approvals are raised, decided, cancelled and expired: everything that changes one passes
/// here, in one transaction each, and is durable when the method returns. It never waits for a
/// network.
@Singleton
public final class Desk {

  private static final Logger LOG = LoggerFactory.getLogger(Desk.class);
  private static final String HUB = "hub";
  private static final int FORGOTTEN = 50;

  /// How long to leave a timer alone that failed.
  private static final Duration LATER = Duration.ofMinutes(1);

  /// Of one timer, before it is taken for the cause.
  private static final int STORE_FAILURES = 2;

  /// How long messages say the same of an agent that cannot be told.
  private static final Duration SETTLED = Duration.ofMinutes(1);

  /// Of less time than this, nobody has to be told that little is left.
  private static final Duration WORTH_SAYING = Duration.ofMinutes(1);

  private final Database database;
  private final Access access;
  private final Policy policy;
  private final Audit audit;
  private final Changes changes;
  private final InstantSource clock;
  private final Ids ids;
  private final Outbox outbox;
  private final Timers timers;
  private final Crowd crowd;
  private final Waits waits;

  Desk(Books books, Access access, Policy policy, Waits waits, InstantSource clock, Ids ids) {
    database = books.database();
    outbox = books.outbox();
    timers = books.timers();
    audit = books.audit();
    changes = books.changes();
    crowd = books.crowd();
    this.access = access;
    this.policy = policy;
    this.waits = waits;
    this.clock = clock;
    this.ids = ids;
  }

  /// Raises a tool call as an approval; the same call again is the same approval.
  ///
  /// @throws CrowdedException when as much waits for its agent as may
  public RaiseResult raise(ToolCall call) {
    return raise(List.of(call)).getFirst();
  }

  /// Raises tool calls that belong together: all of them, or none.
  ///
  /// @throws CrowdedException when as much waits for their agent as may
  public List<RaiseResult> raise(List<ToolCall> calls) {
    var approvals = calls.stream().map(this::waiting).toList();
    var raised =
        database.write(handle -> approvals.stream().map(one -> insert(handle, one)).toList());
    raised.forEach(this::announce);
    return raised;
  }

  /// Decides an approval, or votes on it, if the actor may and it still waits.
  public DecisionResult decide(String id, Actor actor, Vote vote) {
    return switch (access.mayDecide(actor)) {
      case Permission.Refused(var why) -> new DecisionResult.Refusal(why);
      case Permission.Granted(var person) -> decide(id, actor, person, vote);
    };
  }

  /// Withdraws an approval that still waits.
  ///
  /// @param byAgent whether the agent itself did, and so need not be told
  public DecisionResult cancel(
      String id, String by, String via, Optional<String> why, boolean byAgent) {
    var resolution = new Resolution(now(), by, via, why, Edit.NONE, false);
    return end(
        id,
        Status.CANCELLED,
        resolution,
        byAgent ? DeliveryStatus.DELIVERED : DeliveryStatus.WAITING);
  }

  /// Cancels an approval that its agent no longer lists.
  public DecisionResult vanished(String id, String why) {
    var resolution =
        new Resolution(now(), "the agent", "agent", Optional.of(why), Edit.NONE, false);
    return end(id, Status.CANCELLED, resolution, DeliveryStatus.GONE);
  }

  /// Does what is due, such as expiring what nobody decided in time. What fails is tried again, and
  /// holds up nothing else, unless it is the store that fails.
  ///
  /// @return how much there was
  /// @throws StoreException when the store fails; what is left is due at the next turn
  public int turn() {
    var now = now();
    timers.sweep(now);
    var count = 0;
    for (var due = timers.claim(now); due.isPresent(); due = timers.claim(now)) {
      ring(due.get());
      count++;
    }
    return count;
  }

  /// When the next timer is due.
  public Optional<Instant> nextTimer() {
    return timers.next();
  }

  /// Records what the agent made of a decision, so that every message shows it.
  ///
  /// @return whether that is new
  public boolean told(String id, DeliveryStatus delivered, String detail) {
    var changed =
        database.write(
            handle -> {
              var told = Store.delivered(handle, id, delivered);
              told.ifPresent(
                  approval -> {
                    outbox.outdate(handle, approval);
                    outbox.told(handle, approval);
                    var what = word(delivered) + " " + detail;
                    audit.append(handle, now(), "told", id, approval.call().agent(), what);
                  });
              return told;
            });
    if (changed.isPresent()) {
      LOG.info("told approval={} delivered={}", id, word(delivered));
      changes.changed(changed.get());
    }
    return changed.isPresent();
  }

  /// Records why the agent could not be told yet, so that every message shows it. The courier goes
  /// on trying.
  public void troubled(String id, String why) {
    var changed =
        database.write(
            handle -> {
              var now = now();
              var troubled = Store.troubled(handle, id, why, now, now.minus(SETTLED));
              troubled.ifPresent(approval -> outbox.outdate(handle, approval));
              return troubled;
            });
    changed.ifPresent(changes::changed);
  }

  /// Makes the courier tell the agent once more, which did not act on what it was told.
  public void tellAgain(ApprovalRecord approval) {
    database.write(
        handle -> {
          var waiting = Store.delivered(handle, approval.id(), DeliveryStatus.WAITING);
          waiting.ifPresent(again -> outbox.outdate(handle, again));
          audit.append(handle, now(), "told again", approval.id(), HUB, "");
          return waiting;
        });
    changes.changed(approval);
  }

  /// Works out anew under which terms everything waits, after the hub was started with another
  /// configuration. What changes is in the audit trail and on every copy.
  public void renew() {
    for (var id : database.read(Store::pendingIds)) {
      try {
        database.write(handle -> renew(handle, id)).ifPresent(changes::changed);
      } catch (OutOfMemoryError e) {
        throw e;
      } catch (RuntimeException | Error e) {
        LOG.error("terms not worked out anew approval={} because={}", id, e.toString());
      }
    }
  }

  private Optional<ApprovalRecord> renew(Handle handle, String id) {
    return Store.find(handle, id)
        .filter(ApprovalRecord::pending)
        .flatMap(found -> renew(handle, found));
  }

  private Optional<ApprovalRecord> renew(Handle handle, ApprovalRecord found) {
    var terms = policy.terms(handle, found.call(), found.raisedAt());
    if (terms.equals(found.terms())) {
      return Optional.empty();
    }
    var renewed = Store.renew(handle, found.id(), terms);
    renewed.ifPresent(
        now -> {
          wait(handle, now);
          outbox.outdate(handle, now);
          audit.append(handle, now(), "terms", now.id(), HUB, Digest.of(terms.text()));
        });
    return renewed;
  }

  /// Forgets the arguments of what was decided before `limit` and is known to everybody who was to
  /// know it.
  ///
  /// @return how many there were
  public int forget(Instant limit) {
    var all = 0;
    var some = FORGOTTEN;
    while (some == FORGOTTEN) {
      some = database.change(handle -> Store.forget(handle, limit, FORGOTTEN));
      all += some;
    }
    return all;
  }

  /// What people have said of an approval that needs more than one of them: the last word of each,
  /// of those whose word counts.
  public List<Ballot> ballots(ApprovalRecord approval) {
    return approval.terms().quorum() == 1
        ? List.of()
        : database.read(handle -> Votes.ballots(handle, approval));
  }

  public Optional<ApprovalRecord> find(String id) {
    return database.read(handle -> Store.find(handle, id));
  }

  /// The approval that an agent raised under this key.
  public Optional<ApprovalRecord> find(String agent, String key) {
    return database.read(handle -> Store.find(handle, agent, key));
  }

  public List<ApprovalRecord> list(Selection selection) {
    return database.read(handle -> Store.list(handle, selection));
  }

  /// The ids of everything that waits for an agent.
  public Set<String> pendingIds(String agent) {
    return database.read(handle -> Store.pendingIds(handle, agent));
  }

  private ApprovalRecord waiting(ToolCall call) {
    return new ApprovalRecord(ids.next(), 1, call, askedAt(call), Terms.UNKNOWN, Standing.WAITING);
  }

  private void announce(RaiseResult raised) {
    if (raised instanceof RaiseResult.Fresh(var approval)) {
      LOG.info(
          "raised approval={} agent={} tool={}",
          approval.id(),
          approval.call().agent(),
          Disclosure.text(approval.call().tool()));
      changes.changed(approval);
    }
  }

  private Instant askedAt(ToolCall call) {
    var now = now();
    return call.askedAt().filter(at -> at.isBefore(now)).orElse(now);
  }

  private RaiseResult insert(Handle handle, ApprovalRecord approval) {
    var call = approval.call();
    var raised = approval.under(policy.terms(handle, call, approval.raisedAt()));
    if (!Store.insert(handle, raised)) {
      return known(handle, call);
    }
    crowd.check(handle, call.agent());
    wait(handle, raised);
    audit.append(handle, now(), "raised", approval.id(), call.agent(), call.digest());
    return new RaiseResult.Fresh(raised);
  }

  /// Shows it where its terms say, and sets its timers.
  private void wait(Handle handle, ApprovalRecord approval) {
    outbox.add(handle, approval);
    approval.expiresAt().ifPresent(at -> expire(handle, approval, at));
  }

  private void expire(Handle handle, ApprovalRecord approval, Instant at) {
    timers.set(handle, approval.id(), Timers.Kind.EXPIRY, at);
    if (Duration.between(approval.raisedAt(), at).compareTo(WORTH_SAYING) >= 0) {
      var soon = Words.soon(approval.raisedAt(), at);
      timers.set(handle, approval.id(), Timers.Kind.SOON, soon);
    }
  }

  private RaiseResult known(Handle handle, ToolCall call) {
    var known = Store.find(handle, call.agent(), call.key()).orElseThrow();
    if (known.pending() && call.completes(known.call())) {
      Store.complete(handle, known, call.context());
      outbox.tell(handle, known);
    }
    return known.call().content().equals(call.content())
        ? new RaiseResult.Known(known)
        : new RaiseResult.Conflict(known, call);
  }

  private DecisionResult decide(String id, Actor actor, String person, Vote vote) {
    var found = find(id).map(this::underTerms);
    if (found.isEmpty()) {
      return new DecisionResult.Missing();
    }
    if (!found.get().terms().allow(actor, person)) {
      return new DecisionResult.Refusal("You may not decide here");
    }
    if (!found.get().pending()) {
      return new DecisionResult.Late(found.get());
    }
    var objection = vote.objection(found.get());
    if (objection.isPresent()) {
      return new DecisionResult.Objection(objection.get());
    }
    return decide(found.get(), new Voter(person, actor.via(), actor.account()), vote);
  }

  /// What was raised before there were terms has those of now.
  private ApprovalRecord underTerms(ApprovalRecord approval) {
    return approval.terms().equals(Terms.UNKNOWN)
        ? database.read(
            handle -> approval.under(policy.terms(handle, approval.call(), approval.raisedAt())))
        : approval;
  }

  private DecisionResult decide(ApprovalRecord approval, Voter voter, Vote vote) {
    var counted = database.write(handle -> vote(handle, approval, voter, vote, now()));
    if (counted.isEmpty()) {
      return new DecisionResult.Late(latest(approval.id()));
    }
    LOG.info(
        "{} approval={} verdict={} person={} via={}",
        counted.get().pending() ? "voted" : "decided",
        approval.id(),
        word(vote.verdict()),
        voter.person(),
        voter.via());
    counted.filter(now -> !now.pending()).ifPresent(waits::ended);
    changes.changed(counted.get());
    return new DecisionResult.Success(counted.get());
  }

  /// @return the approval as it is now; empty when it had ended
  private Optional<ApprovalRecord> vote(
      Handle handle, ApprovalRecord approval, Voter voter, Vote vote, Instant at) {
    var counted = Votes.cast(handle, approval, voter, vote, at);
    counted.ifPresent(
        now -> {
          outbox.outdate(handle, now);
          var event = now.pending() ? "voted" : "decided";
          var detail =
              "%s via %s %s %s"
                  .formatted(
                      word(vote.verdict()),
                      voter.via(),
                      approval.call().digest(),
                      Votes.digest(approval, vote));
          audit.append(handle, at, event, now.id(), voter.person(), detail);
        });
    return counted;
  }

  private ApprovalRecord latest(String id) {
    var approval = find(id).orElseThrow();
    var overdue = approval.expiresAt().filter(at -> !at.isAfter(now())).isPresent();
    if (approval.pending() && overdue) {
      end(approval, Status.EXPIRED, expiry(), DeliveryStatus.WAITING).ifPresent(changes::changed);
      return find(id).orElseThrow();
    }
    return approval;
  }

  private void ring(Timer timer) {
    try {
      switch (Timers.Kind.of(timer.kind()).orElseThrow()) {
        case EXPIRY -> expire(timer.approval());
        case SOON -> soon(timer.approval());
      }
      timers.done(timer);
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      if (e instanceof StoreException && timer.attempts() < STORE_FAILURES) {
        // the store's trouble, or the hub's end, makes nothing late that others can do at once
        throw e;
      }
      var next = now().plus(LATER.multipliedBy(1L + timer.attempts()));
      LOG.error(
          "timer failed approval={} kind={} because={} next=try again",
          timer.approval(),
          timer.kind(),
          e.toString());
      timers.failed(timer, next, e.toString());
    }
  }

  /// Other terms may have given it more time.
  private void expire(String id) {
    find(id)
        .flatMap(ApprovalRecord::expiresAt)
        .filter(at -> !at.isAfter(now()))
        .ifPresent(_ -> end(id, Status.EXPIRED, expiry(), DeliveryStatus.WAITING));
  }

  /// Makes every copy say that little time is left.
  private void soon(String id) {
    var changed =
        database.write(
            handle -> {
              var waiting = Store.touch(handle, id);
              waiting.ifPresent(approval -> outbox.outdate(handle, approval));
              return waiting;
            });
    changed.ifPresent(changes::changed);
  }

  private Resolution expiry() {
    return new Resolution(now(), "nobody", HUB, Optional.empty(), Edit.NONE, false);
  }

  private DecisionResult end(
      String id, Status status, Resolution resolution, DeliveryStatus delivered) {
    var found = find(id);
    if (found.isEmpty()) {
      return new DecisionResult.Missing();
    }
    var ended = end(found.get(), status, resolution, delivered);
    if (ended.isEmpty()) {
      return new DecisionResult.Late(latest(id));
    }
    LOG.info("ended approval={} status={} by={}", id, word(status), resolution.by());
    changes.changed(ended.get());
    return new DecisionResult.Success(ended.get());
  }

  /// @return the approval as it ended; empty when it had ended
  private Optional<ApprovalRecord> end(
      ApprovalRecord approval, Status status, Resolution resolution, DeliveryStatus delivered) {
    var changed =
        database.write(
            handle -> {
              var resolved = Store.resolve(handle, approval, status, resolution, false);
              return resolved.map(
                  ended -> {
                    var told = Store.delivered(handle, ended.id(), delivered);
                    var now = told.orElse(ended);
                    outbox.outdate(handle, now);
                    told.ifPresent(knows -> outbox.told(handle, knows));
                    audit.append(
                        handle,
                        resolution.at(),
                        word(status),
                        now.id(),
                        resolution.by(),
                        resolution.via());
                    return now;
                  });
            });
    changed.ifPresent(waits::ended);
    return changed;
  }

  private Instant now() {
    return clock.instant();
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
