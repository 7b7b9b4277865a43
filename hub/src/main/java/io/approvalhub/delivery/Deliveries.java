package io.approvalhub.delivery;

import static io.approvalhub.database.Database.micros;

import io.approvalhub.approval.Desk;
import io.approvalhub.connection.Leases;
import io.approvalhub.database.Database;
import io.approvalhub.plugin.MessageRef;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rows that say who is behind, in SQL. A row is claimed before it is worked on, so that
/// another node leaves it alone and a crash in between is seen afterwards.
@Singleton
final class Deliveries {

  private final Database database;
  private final Desk desk;
  private final Leases leases;
  private final String claim;

  Deliveries(Database database, Desk desk, Leases leases) {
    this.database = database;
    this.desk = desk;
    this.leases = leases;
    claim =
        """
        UPDATE deliveries SET claimed_by = :node, attempts = attempts + 1 WHERE (approval_id, target) IN (
          SELECT approval_id, target FROM deliveries
          WHERE target = :target AND shown < wanted AND retired = 0 AND next_at <= :now AND %s
          ORDER BY (shown > 0), next_at, approval_id LIMIT 1%s)
        RETURNING approval_id, token, place, message, attempts\
        """
            .formatted(unclaimed(), database.skipLocked());
    if (!database.shared()) {
      database.write(
          handle ->
              handle.execute(
                  "UPDATE deliveries SET claimed_by = NULL WHERE claimed_by IS NOT NULL"));
    }
  }

  /// Claims what `target` must be shown next: new prompts first.
  Optional<Delivery> claim(String target, Instant now) {
    var row =
        database.write(
            handle ->
                handle
                    .createQuery(claim)
                    .bind("node", leases.node())
                    .bind("target", target)
                    .bind("now", micros(now))
                    .map(
                        (result, _) ->
                            new Row(
                                result.getString("approval_id"),
                                result.getString("token"),
                                ref(result.getString("place"), result.getString("message")),
                                result.getInt("attempts")))
                    .findOne());
    return row.map(
        claimed ->
            new Delivery(
                desk.find(claimed.approval()).orElseThrow(),
                target,
                claimed.token(),
                claimed.message(),
                claimed.attempts() - 1));
  }

  /// Saves that the target shows the approval at the version that was delivered.
  void shown(Delivery delivery, Optional<MessageRef> message) {
    database.write(
        handle ->
            handle.execute(
                """
                UPDATE deliveries SET shown = CASE WHEN shown > ? THEN shown ELSE ? END, place = ?, message = ?,
                  attempts = 0, next_at = 0, claimed_by = NULL, error = NULL
                WHERE approval_id = ? AND target = ?\
                """,
                delivery.approval().version(),
                delivery.approval().version(),
                message.map(MessageRef::place).orElse(null),
                message.map(MessageRef::id).orElse(null),
                delivery.approval().id(),
                delivery.target()));
  }

  /// Saves that it did not work and when to try again.
  void failed(Delivery delivery, Instant next, String error) {
    database.write(
        handle ->
            handle.execute(
                "UPDATE deliveries SET next_at = ?, claimed_by = NULL, error = ? WHERE approval_id"
                    + " = ? AND target = ?",
                micros(next),
                error,
                delivery.approval().id(),
                delivery.target()));
  }

  /// Saves that it will never work.
  void gaveUp(Delivery delivery, String error) {
    database.write(
        handle ->
            handle.execute(
                "UPDATE deliveries SET retired = 1, claimed_by = NULL, error = ? WHERE approval_id"
                    + " = ? AND target = ?",
                error,
                delivery.approval().id(),
                delivery.target()));
  }

  /// When the next delivery to a target is due.
  Optional<Instant> nextDue(String target) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT MIN(next_at) FROM deliveries WHERE target = ? AND shown < wanted AND"
                        + " retired = 0")
                .bind(0, target)
                .mapTo(Long.class)
                .findOne()
                .map(micros -> Database.instant(micros.longValue())));
  }

  /// How many messages a target is behind.
  long behind(String target) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT COUNT(*) FROM deliveries WHERE target = ? AND shown < wanted AND"
                        + " retired = 0")
                .bind(0, target)
                .mapTo(Long.class)
                .one());
  }

  /// The targets that something is to be delivered to, now or when it is decided.
  List<String> targets() {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT DISTINCT d.target FROM deliveries d JOIN approvals a ON a.id = d.approval_id
                    WHERE d.retired = 0 AND (d.shown < d.wanted OR a.status = 'PENDING')\
                    """)
                .mapTo(String.class)
                .list());
  }

  /// Gives up everything for a target that is no longer configured.
  int retire(String target) {
    return database.write(
        handle ->
            handle.execute(
                "UPDATE deliveries SET retired = 1, error = 'no longer configured' WHERE target = ?"
                    + " AND retired = 0",
                target));
  }

  private String unclaimed() {
    return database.shared()
        ? "(claimed_by IS NULL OR NOT EXISTS (SELECT 1 FROM leases WHERE holder = claimed_by AND"
            + " name = 'node:' || claimed_by AND until > "
            + database.clock()
            + "))"
        : "claimed_by IS NULL";
  }

  private static Optional<MessageRef> ref(@Nullable String place, @Nullable String message) {
    return place == null || message == null
        ? Optional.empty()
        : Optional.of(new MessageRef(place, message));
  }

  private record Row(String approval, String token, Optional<MessageRef> message, int attempts) {}
}
