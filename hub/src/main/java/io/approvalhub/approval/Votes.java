package io.approvalhub.approval;

import static io.approvalhub.database.Database.instant;
import static io.approvalhub.database.Database.micros;

import io.approvalhub.approval.ApprovalRecord.Edit;
import io.approvalhub.approval.ApprovalRecord.Resolution;
import io.approvalhub.approval.Vote.Voter;
import io.approvalhub.plugin.Approval.Ballot;
import io.approvalhub.plugin.Approval.Status;
import io.approvalhub.plugin.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// What people said about approvals, and what follows: the last vote of a person counts, by person
/// and not by account; one who denies ends it. An edit is a new proposal, of which its editor is
/// the first to approve.
final class Votes {

  private Votes() {}

  /// Records a vote, if the approval still waits.
  ///
  /// @return the approval as it is now, decided or not; empty when it had ended
  static Optional<ApprovalRecord> cast(
      Handle handle, ApprovalRecord approval, Voter voter, Vote vote, Instant at) {
    if (vote.verdict() == Verdict.DENY || approval.terms().quorum() == 1) {
      var decided =
          Store.resolve(handle, approval, status(vote), resolution(voter, vote, at), true);
      decided.ifPresent(now -> insert(handle, now, voter, vote, at));
      return decided;
    }
    var counted = Store.count(handle, approval, at);
    counted.ifPresent(now -> insert(handle, now, voter, vote, at));
    return counted.flatMap(now -> settled(handle, now, voter, at).or(() -> counted));
  }

  /// @return the approval as it was approved; empty while more people must approve it
  private static Optional<ApprovalRecord> settled(
      Handle handle, ApprovalRecord approval, Voter voter, Instant at) {
    var approving = counting(handle, approval);
    if (approving.size() < approval.terms().quorum()) {
      return Optional.empty();
    }
    var edited = approving.stream().flatMap(row -> Optional.ofNullable(row.arguments).stream());
    var vote =
        new Vote(
            Verdict.APPROVE,
            approving.getLast().ballot.reason(),
            edited.findFirst(),
            approving.stream().allMatch(Row::remember));
    return Store.resolve(handle, approval, Status.APPROVED, resolution(voter, vote, at), true);
  }

  /// The last word of each person whose word counts, in the order in which they were given.
  static List<Ballot> ballots(Handle handle, ApprovalRecord approval) {
    return counting(handle, approval).stream().map(Row::ballot).toList();
  }

  /// Of what is proposed now: an edit begins anew.
  private static List<Row> counting(Handle handle, ApprovalRecord approval) {
    var proposals = new LinkedHashMap<String, Row>();
    for (var row : rows(handle, approval.id())) {
      if (row.arguments != null) {
        proposals.clear();
      }
      proposals.remove(row.person());
      proposals.put(row.person(), row);
    }
    return proposals.values().stream().filter(row -> approval.terms().allow(row.person())).toList();
  }

  /// The digest of what a vote is about.
  static String digest(ApprovalRecord approval, Vote vote) {
    var call = approval.call();
    return Digest.of("tool call", call.tool(), vote.arguments().orElse(call.arguments()));
  }

  /// Forgets edited arguments.
  static void forget(Handle handle, List<String> approvals) {
    handle
        .createUpdate(
            "UPDATE votes SET arguments = '' WHERE arguments <> '' AND approval_id IN (<ids>)")
        .bindList("ids", approvals)
        .execute();
  }

  private static Status status(Vote vote) {
    return vote.verdict() == Verdict.APPROVE ? Status.APPROVED : Status.DENIED;
  }

  private static Resolution resolution(Voter voter, Vote vote, Instant at) {
    return new Resolution(
        at, voter.person(), voter.via(), vote.reason(), Edit.of(vote.arguments()), vote.remember());
  }

  /// The approval's row is locked, so numbers are in order.
  private static void insert(
      Handle handle, ApprovalRecord approval, Voter voter, Vote vote, Instant at) {
    handle
        .createUpdate(
            """
            INSERT INTO votes (approval_id, number, person, verdict, reason, arguments, remember, digest, via, account, at)
            SELECT :approval, COALESCE(MAX(number), 0) + 1, :person, :verdict, :reason, :arguments, :remember, :digest,
              :via, :account, :at
            FROM votes WHERE approval_id = :approval\
            """)
        .bind("approval", approval.id())
        .bind("person", voter.person())
        .bind("verdict", vote.verdict().name())
        .bind("reason", vote.reason().orElse(null))
        .bind("arguments", vote.arguments().orElse(null))
        .bind("remember", vote.remember() ? 1 : 0)
        .bind("digest", digest(approval, vote))
        .bind("via", voter.via())
        .bind("account", voter.account())
        .bind("at", micros(at))
        .execute();
  }

  private static List<Row> rows(Handle handle, String approval) {
    return handle
        .createQuery(
            "SELECT person, verdict, reason, arguments, remember, via, at FROM votes"
                + " WHERE approval_id = ? ORDER BY number")
        .bind(0, approval)
        .map((row, _) -> Row.of(row))
        .list();
  }

  private record Row(Ballot ballot, @Nullable String arguments, boolean remember) {

    static Row of(ResultSet row) throws SQLException {
      return new Row(
          new Ballot(
              row.getString("person"),
              row.getString("via"),
              instant(row.getLong("at")),
              Verdict.valueOf(row.getString("verdict")),
              Optional.ofNullable(row.getString("reason"))),
          row.getString("arguments"),
          row.getInt("remember") == 1);
    }

    String person() {
      return ballot.by();
    }
  }
}
