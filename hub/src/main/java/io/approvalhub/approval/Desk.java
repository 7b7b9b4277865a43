package io.approvalhub.approval;

import io.approvalhub.access.Access;
import io.approvalhub.access.Actor;
import io.approvalhub.access.Permission;
import io.approvalhub.approval.ApprovalRecord.Edit;
import io.approvalhub.approval.ApprovalRecord.Resolution;
import io.approvalhub.approval.ApprovalRecord.Standing;
import io.approvalhub.database.Database;
import io.approvalhub.kit.Disclosure;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Approval.Status;
import io.approvalhub.plugin.Verdict;
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
  private static final int BATCH = 500;
  private static final int FORGOTTEN = 50;

  /// How long messages say the same of an agent that cannot be told.
  private static final Duration SETTLED = Duration.ofMinutes(1);

  private final Database database;
  private final Access access;
  private final Routes routes;
  private final Audit audit;
  private final Changes changes;
  private final InstantSource clock;
  private final Ids ids;
  private final Outbox outbox;

  Desk(
      Database database,
      Access access,
      Routes routes,
      Audit audit,
      Changes changes,
      InstantSource clock,
      Ids ids,
      Outbox outbox) {
    this.database = database;
    this.access = access;
    this.routes = routes;
    this.audit = audit;
    this.changes = changes;
    this.clock = clock;
    this.ids = ids;
    this.outbox = outbox;
  }

  /// Raises a tool call as an approval; the same call again is the same approval.
  public RaiseResult raise(ToolCall call) {
    return raise(List.of(call)).getFirst();
  }

  /// Raises tool calls that belong together: all of them, or none.
  public List<RaiseResult> raise(List<ToolCall> calls) {
    var approvals = calls.stream().map(this::waiting).toList();
    var raised =
        database.write(handle -> approvals.stream().map(one -> insert(handle, one)).toList());
    raised.forEach(this::announce);
    return raised;
  }

  /// Decides an approval, if the actor may and is the first.
  public DecisionResult decide(String id, Actor actor, Ruling ruling) {
    return switch (access.mayDecide(actor)) {
      case Permission.Refused(var why) -> new DecisionResult.Refusal(why);
      case Permission.Granted(var name) -> decide(id, name, actor.via(), ruling);
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

  /// Expires what nobody decided in time.
  ///
  /// @return how many there were
  public int expire() {
    var due = database.read(handle -> Store.expiring(handle, now(), BATCH));
    due.forEach(this::expire);
    return due.size();
  }

  /// When the next approval expires.
  public Optional<Instant> nextExpiry() {
    return database.read(Store::nextExpiry);
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
  // on
  /// trying.
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

  /// Shows what waits in channels that do not have it yet, such as those new in the configuration.
  public void spread() {
    for (var id : database.read(Store::pendingIds)) {
      database.write(handle -> spread(handle, id));
    }
  }

  private Optional<ApprovalRecord> spread(Handle handle, String id) {
    var approval = Store.find(handle, id).filter(ApprovalRecord::pending);
    approval.ifPresent(waits -> outbox.add(handle, waits, channels(waits), false));
    return approval;
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
    return new ApprovalRecord(ids.next(), 1, call, askedAt(call), Standing.WAITING);
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
    if (!Store.insert(handle, approval)) {
      return known(handle, call);
    }
    outbox.add(handle, approval, channels(approval), call.isTold());
    audit.append(handle, now(), "raised", approval.id(), call.agent(), call.digest());
    return new RaiseResult.Fresh(approval);
  }

  private List<String> channels(ApprovalRecord approval) {
    return routes.channels(approval.call().agent());
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

  private DecisionResult decide(String id, String by, String via, Ruling ruling) {
    var found = find(id);
    if (found.isEmpty()) {
      return new DecisionResult.Missing();
    }
    if (!found.get().pending()) {
      return new DecisionResult.Late(found.get());
    }
    var objection = objection(found.get(), ruling);
    if (objection.isPresent()) {
      return new DecisionResult.Objection(objection.get());
    }
    var resolution =
        new Resolution(
            now(), by, via, ruling.reason(), Edit.of(ruling.arguments()), ruling.remember());
    var decided = decide(found.get(), ruling.verdict(), resolution);
    if (decided.isEmpty()) {
      return new DecisionResult.Late(latest(id));
    }
    LOG.info(
        "decided approval={} verdict={} person={} via={}", id, word(ruling.verdict()), by, via);
    changes.changed(decided.get());
    return new DecisionResult.Success(decided.get());
  }

  private static Optional<String> objection(ApprovalRecord approval, Ruling ruling) {
    var takes = approval.call().takes();
    if (ruling.arguments().isPresent() && ruling.verdict() == Verdict.DENY) {
      return Optional.of("modified_args goes with an approval only");
    }
    if (ruling.arguments().isPresent() && !takes.arguments()) {
      return Optional.of("modified_args: this agent does not take edited arguments");
    }
    if (ruling.remember() && (ruling.verdict() == Verdict.DENY || takes.remembers().isEmpty())) {
      return Optional.of("remember: this agent cannot remember an approval");
    }
    return Optional.empty();
  }

  /// @return the approval as it was decided; empty when it had ended
  private Optional<ApprovalRecord> decide(
      ApprovalRecord approval, Verdict verdict, Resolution resolution) {
    var call = approval.call();
    var status = verdict == Verdict.APPROVE ? Status.APPROVED : Status.DENIED;
    var digest =
        Digest.of("tool call", call.tool(), resolution.arguments().orElse(call.arguments()));
    return database.write(
        handle -> {
          var decided = Store.resolve(handle, approval, status, resolution, true);
          decided.ifPresent(
              now -> {
                Store.insertDecision(handle, now.id(), verdict, resolution, digest);
                outbox.outdate(handle, now);
                var how = word(verdict) + " via " + resolution.via();
                var detail = how + " " + call.digest() + " " + digest;
                audit.append(handle, resolution.at(), "decided", now.id(), resolution.by(), detail);
              });
          return decided;
        });
  }

  private ApprovalRecord latest(String id) {
    var approval = find(id).orElseThrow();
    var overdue = approval.call().expiresAt().filter(at -> !at.isAfter(now())).isPresent();
    if (approval.pending() && overdue) {
      expire(id);
      return find(id).orElseThrow();
    }
    return approval;
  }

  private void expire(String id) {
    var resolution = new Resolution(now(), "nobody", HUB, Optional.empty(), Edit.NONE, false);
    end(id, Status.EXPIRED, resolution, DeliveryStatus.WAITING);
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
    return database.write(
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
  }

  private Instant now() {
    return clock.instant();
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
