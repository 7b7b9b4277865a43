package io.approvalhub.approval;

import static io.approvalhub.database.Database.micros;

import io.approvalhub.database.Database;
import io.approvalhub.node.Leases;
import io.approvalhub.node.Node;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// What is to be done to approvals at a time, in rows that are claimed like deliveries. What came
/// due while the hub was down is done once, late.
@Singleton
final class Timers {

  private static final int BATCH = 500;

  private final Database database;
  private final Node node;
  private final String claimable;

  Timers(Database database, Node node) {
    this.database = database;
    this.node = node;
    var dead = database.shared() ? " OR NOT " + Leases.living(database, "claimed_by") : "";
    // what this node claimed before and did not finish is its own to do
    claimable = "(claimed_by IS NULL OR claimed_by = :node" + dead + ")";
    if (!database.shared()) {
      database.change(
          handle ->
              handle.execute("UPDATE timers SET claimed_by = NULL WHERE claimed_by IS NOT NULL"));
    }
  }

  /// Sets a timer, or sets it anew.
  void set(Handle handle, String approval, Kind kind, Instant due) {
    handle.execute(
        """
        INSERT INTO timers (approval_id, kind, due_at, attempts) VALUES (?, ?, ?, 0)
        ON CONFLICT (approval_id, kind) DO UPDATE SET due_at = excluded.due_at, attempts = 0, claimed_by = NULL\
        """,
        approval,
        kind.word,
        micros(due));
  }

  /// Drops the timers of what no longer waits, once they are due: that spares a statement for each
  /// decision.
  void sweep(Instant now) {
    var dropped = BATCH;
    while (dropped == BATCH) {
      dropped =
          database.change(
              handle ->
                  handle.execute(
                      """
                      DELETE FROM timers WHERE (approval_id, kind) IN (
                        SELECT t.approval_id, t.kind FROM timers t JOIN approvals a ON a.id = t.approval_id
                        WHERE t.due_at <= ? AND a.status <> 'PENDING' LIMIT ?)\
                      """,
                      micros(now),
                      BATCH));
    }
  }

  /// Claims what is due.
  Optional<Timer> claim(Instant now) {
    var sql =
        """
        WITH next AS MATERIALIZED (
          SELECT approval_id, kind FROM timers WHERE due_at <= :now AND %s ORDER BY due_at LIMIT 1%s)
        UPDATE timers SET claimed_by = :node, attempts = attempts + 1 FROM next
        WHERE timers.approval_id = next.approval_id AND timers.kind = next.kind
        RETURNING timers.approval_id, timers.kind, attempts\
        """
            .formatted(claimable, database.skipLocked());
    return database.change(
        handle ->
            handle
                .createQuery(sql)
                .bind("now", micros(now))
                .bind("node", node.name())
                .map(
                    (row, _) ->
                        new Timer(
                            row.getString("approval_id"),
                            row.getString("kind"),
                            row.getInt("attempts") - 1))
                .findOne());
  }

  /// Says that it was done.
  void done(Timer timer) {
    database.change(
        handle ->
            handle.execute(
                "DELETE FROM timers WHERE approval_id = ? AND kind = ? AND claimed_by = ?",
                timer.approval(),
                timer.kind(),
                node.name()));
  }

  /// Says that it did not work and when to try again.
  void failed(Timer timer, Instant next, String why) {
    database.change(
        handle ->
            handle.execute(
                """
                UPDATE timers SET due_at = ?, claimed_by = NULL, error = ?
                WHERE approval_id = ? AND kind = ? AND claimed_by = ?\
                """,
                micros(next),
                why,
                timer.approval(),
                timer.kind(),
                node.name()));
  }

  /// When something is due next, of what no other node works on.
  Optional<Instant> next() {
    return database.read(
        handle ->
            handle
                .createQuery("SELECT MIN(due_at) FROM timers WHERE " + claimable)
                .bind("node", node.name())
                .mapTo(Long.class)
                .findOne()
                .flatMap(micros -> Database.instant(micros)));
  }

  /// What is to be done.
  enum Kind {
    /// Nobody decided in time.
    EXPIRY("expiry"),
    /// Little time is left.
    SOON("soon");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    static Optional<Kind> of(String word) {
      return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }
  }

  /// One that is due, claimed by this node.
  ///
  /// @param attempts how often it was tried before
  record Timer(String approval, String kind, int attempts) {}
}
