package io.approvalhub.approval;

import io.approvalhub.access.Access;
import io.approvalhub.access.Actor;
import io.approvalhub.access.Permission;
import io.approvalhub.approval.Approval.Resolution;
import io.approvalhub.database.Database;
import io.approvalhub.database.Node;
import io.approvalhub.kit.Disclosure;
import io.approvalhub.plugin.Approval.Delivered;
import io.approvalhub.plugin.Approval.Status;
import io.approvalhub.plugin.Verdict;
import jakarta.inject.Singleton;
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

  private final Database database;
  private final Access access;
  private final Routes routes;
  private final Audit audit;
  private final Changes changes;
  private final InstantSource clock;
  private final Ids ids;
  private final Node node;

  Desk(
      Database database,
      Access access,
      Routes routes,
      Audit audit,
      Changes changes,
      InstantSource clock,
      Ids ids,
      Node node) {
    this.database = database;
    this.access = access;
    this.routes = routes;
    this.audit = audit;
    this.changes = changes;
    this.clock = clock;
    this.ids = ids;
    this.node = node;
  }

  /// Raises a tool call as an approval; the same call again is the same approval.
  public Raised raise(ToolCall call) {
    return raise(List.of(call)).getFirst();
  }

  /// Raises tool calls that belong together: all of them, or none.
  public List<Raised> raise(List<ToolCall> calls) {
    var approvals = calls.stream().map(this::waiting).toList();
    var raised =
        database.write(handle -> approvals.stream().map(one -> insert(handle, one)).toList());
    raised.forEach(this::announce);
    return raised;
  }

  /// Decides an approval, if the actor may and is the first.
  public Outcome decide(String id, Actor actor, Ruling ruling) {
    return switch (access.mayDecide(actor)) {
      case Permission.Refused(var why) -> new Outcome.NotAllowed(why);
      case Permission.Granted(var name) -> decide(id, name, actor.via(), ruling);
    };
  }

  /// Withdraws an approval that still waits.
  ///
  /// @param byAgent whether the agent itself did, and so need not be told
  public Outcome cancel(String id, String by, String via, Optional<String> why, boolean byAgent) {
    var resolution = new Resolution(now(), by, via, why, Optional.empty(), false);
    return end(id, Status.CANCELLED, resolution, byAgent ? Delivered.DELIVERED : Delivered.WAITING);
  }

  /// Cancels an approval that its agent no longer lists.
  public Outcome vanished(String id, String why) {
    var resolution =
        new Resolution(now(), "the agent", "agent", Optional.of(why), Optional.empty(), false);
    return end(id, Status.CANCELLED, resolution, Delivered.GONE);
  }

  /// Expires what nobody decided in time.
  ///
  /// @return how many there were
  public int expire() {
    var due = database.read(handle -> Store.expiring(handle, now(), BATCH));
    due.forEach(approval -> expire(approval.id()));
    return due.size();
  }

  /// When the next approval expires.
  public Optional<Instant> nextExpiry() {
    return database.read(Store::nextExpiry);
  }

  /// Records what the agent made of a decision, so that every message shows it.
  ///
  /// @return whether that is new
  public boolean told(String id, Delivered delivered, String detail) {
    var changed =
        database.write(
            handle -> {
              if (!Store.delivered(handle, id, delivered)) {
                return Optional.<Approval>empty();
              }
              Store.outdate(handle, id);
              var approval = Store.find(handle, id).orElseThrow();
              var agent = approval.call().agent();
              Store.upToDate(handle, id, Target.agent(agent));
              audit.append(handle, now(), "told", id, agent, word(delivered) + " " + detail);
              return Optional.of(approval);
            });
    if (changed.isPresent()) {
      LOG.info("told approval={} delivered={}", id, word(delivered));
      changes.changed(changed.get());
    }
    return changed.isPresent();
  }

  /// Makes the courier tell the agent once more, which did not act on what it was told.
  public void tellAgain(Approval approval) {
    var id = approval.id();
    database.write(
        handle -> {
          Store.delivered(handle, id, Delivered.WAITING);
          Store.outdate(handle, id);
          audit.append(handle, now(), "told again", id, HUB, "");
          return true;
        });
    changes.changed(approval);
  }

  /// Shows a pending approval in channels that do not have it yet, such as those new in the
  /// configuration.
  public void spread(Approval approval) {
    database.write(
        handle -> {
          insertChannels(handle, approval);
          return true;
        });
  }

  /// Forgets the arguments of everything that was decided before `limit`.
  ///
  /// @return how many there were
  public int forget(Instant limit) {
    return database.write(handle -> Store.forget(handle, limit));
  }

  /// An approval that exists, as a transaction sees it.
  public Approval find(Handle handle, String id) {
    return Store.find(handle, id).orElseThrow();
  }

  public Optional<Approval> find(String id) {
    return database.read(handle -> Store.find(handle, id));
  }

  /// The approval that an agent raised under this key.
  public Optional<Approval> find(String agent, String key) {
    return database.read(handle -> Store.find(handle, agent, key));
  }

  public List<Approval> list(Selection selection) {
    return database.read(handle -> Store.list(handle, selection));
  }

  /// The ids of everything that waits for an agent.
  public Set<String> pendingIds(String agent) {
    return database.read(handle -> Store.pendingIds(handle, agent));
  }

  private Approval waiting(ToolCall call) {
    return new Approval(
        ids.next(), 1, Status.PENDING, call, askedAt(call), Optional.empty(), Delivered.WAITING);
  }

  private void announce(Raised raised) {
    if (raised instanceof Raised.Fresh(var approval)) {
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

  private Raised insert(Handle handle, Approval approval) {
    var call = approval.call();
    if (!Store.insert(handle, approval)) {
      return known(handle, call);
    }
    insertChannels(handle, approval);
    if (call.isTold()) {
      Store.insertAgent(handle, approval, ids.token(), node.name());
    }
    audit.append(handle, now(), "raised", approval.id(), call.agent(), call.digest());
    return new Raised.Fresh(approval);
  }

  private void insertChannels(Handle handle, Approval approval) {
    routes
        .channels(approval.call().agent())
        .forEach(channel -> Store.insertChannel(handle, approval, channel, ids.token()));
  }

  private Raised known(Handle handle, ToolCall call) {
    var known = Store.find(handle, call.agent(), call.key()).orElseThrow();
    if (known.pending() && call.completes(known.call())) {
      Store.complete(handle, known, call.context(), node.name());
    }
    return known.call().content().equals(call.content())
        ? new Raised.Known(known)
        : new Raised.Conflict(known, call);
  }

  private Outcome decide(String id, String by, String via, Ruling ruling) {
    var found = find(id);
    if (found.isEmpty()) {
      return new Outcome.Unknown();
    }
    if (!found.get().pending()) {
      return new Outcome.TooLate(found.get());
    }
    var objection = objection(found.get(), ruling);
    if (objection.isPresent()) {
      return new Outcome.Unfit(objection.get());
    }
    var resolution =
        new Resolution(now(), by, via, ruling.reason(), ruling.arguments(), ruling.remember());
    var decided = decide(found.get(), ruling.verdict(), resolution);
    if (decided.isEmpty()) {
      return new Outcome.TooLate(latest(id));
    }
    LOG.info(
        "decided approval={} verdict={} person={} via={}", id, word(ruling.verdict()), by, via);
    changes.changed(decided.get());
    return new Outcome.Recorded(decided.get());
  }

  private static Optional<String> objection(Approval approval, Ruling ruling) {
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
  private Optional<Approval> decide(Approval approval, Verdict verdict, Resolution resolution) {
    var call = approval.call();
    var status = verdict == Verdict.APPROVE ? Status.APPROVED : Status.DENIED;
    var digest =
        Digest.of("tool call", call.tool(), resolution.arguments().orElse(call.arguments()));
    return database.write(
        handle -> {
          if (!Store.resolve(handle, approval, status, resolution, true)) {
            return Optional.empty();
          }
          Store.insertDecision(handle, approval.id(), verdict, resolution, digest);
          Store.outdate(handle, approval.id());
          var detail =
              word(verdict) + " via " + resolution.via() + " " + call.digest() + " " + digest;
          audit.append(handle, resolution.at(), "decided", approval.id(), resolution.by(), detail);
          return Store.find(handle, approval.id());
        });
  }

  private Approval latest(String id) {
    var approval = find(id).orElseThrow();
    var overdue = approval.call().expiresAt().filter(at -> !at.isAfter(now())).isPresent();
    if (approval.pending() && overdue) {
      expire(id);
      return find(id).orElseThrow();
    }
    return approval;
  }

  private void expire(String id) {
    var resolution =
        new Resolution(now(), "nobody", HUB, Optional.empty(), Optional.empty(), false);
    end(id, Status.EXPIRED, resolution, Delivered.WAITING);
  }

  private Outcome end(String id, Status status, Resolution resolution, Delivered delivered) {
    var found = find(id);
    if (found.isEmpty()) {
      return new Outcome.Unknown();
    }
    if (!end(found.get(), status, resolution, delivered)) {
      return new Outcome.TooLate(latest(id));
    }
    LOG.info("ended approval={} status={} by={}", id, word(status), resolution.by());
    changes.changed(found.get());
    return new Outcome.Recorded(find(id).orElseThrow());
  }

  private boolean end(
      Approval approval, Status status, Resolution resolution, Delivered delivered) {
    var id = approval.id();
    return database.write(
        handle -> {
          if (!Store.resolve(handle, approval, status, resolution, false)) {
            return false;
          }
          Store.delivered(handle, id, delivered);
          Store.outdate(handle, id);
          if (delivered != Delivered.WAITING) {
            Store.upToDate(handle, id, Target.agent(approval.call().agent()));
          }
          audit.append(
              handle, resolution.at(), word(status), id, resolution.by(), resolution.via());
          return true;
        });
  }

  private Instant now() {
    return clock.instant();
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
