package io.approvalhub.delivery;

import static io.approvalhub.database.Database.micros;

import io.approvalhub.approval.Desk;
import io.approvalhub.database.Database;
import io.approvalhub.node.Node;
import io.approvalhub.plugin.MessageRef;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rows that say who is behind, in SQL. A row is claimed before it is worked on, so that
/// another node leaves it alone and a crash in between is seen afterwards.
@Singleton
final class Deliveries {

  /// Whether something is shown already, as the index has it.
  private static final String SHOWN = "(CASE WHEN shown > 0 THEN 1 ELSE 0 END)";

  private final Database database;
  private final Desk desk;
  private final Node node;
  private final String claim;
  private final String nextDue;

  Deliveries(Database database, Desk desk, Node node) {
    this.database = database;
    this.desk = desk;
    this.node = node;
    var behind =
        "FROM deliveries WHERE target = :target AND shown < wanted AND retired = 0 AND "
            + claimable(database);
    claim =
        """
        WITH next AS MATERIALIZED (
          SELECT approval_id, target %s AND next_at <= :now
          ORDER BY %s, next_at, approval_id LIMIT 1%s)
        UPDATE deliveries SET claimed_by = :node, attempts = attempts + 1 FROM next
        WHERE deliveries.approval_id = next.approval_id AND deliveries.target = next.target
        RETURNING deliveries.approval_id, token, place, message, attempts\
        """
            .formatted(behind, SHOWN, database.skipLocked());
    var first =
        "SELECT * FROM (SELECT next_at %s AND %s = %d ORDER BY next_at LIMIT 1) AS first%3$d";
    nextDue =
        "SELECT MIN(next_at) FROM (%s UNION ALL %s) AS firsts"
            .formatted(first.formatted(behind, SHOWN, 0), first.formatted(behind, SHOWN, 1));
    if (!database.shared()) {
      database.change(
          handle ->
              handle.execute(
                  "UPDATE deliveries SET claimed_by = NULL WHERE claimed_by IS NOT NULL"));
    }
  }

  /// Claims what `target` must be shown next: new prompts first.
  Optional<Delivery> claim(String target, Instant now) {
    return database.change(
        handle ->
            handle
                .createQuery(claim)
                .bind("node", node.name())
                .bind("target", target)
                .bind("now", micros(now))
                .map(
                    (result, _) ->
                        new Delivery(
                            desk.find(handle, result.getString("approval_id")),
                            target,
                            result.getString("token"),
                            ref(result.getString("place"), result.getString("message")),
                            result.getInt("attempts") - 1))
                .findOne());
  }

  /// Gives back what this node claimed without knowing it, since the answer to a claim was lost.
  ///
  /// @param inHand the approvals that it does work on
  void release(String target, Collection<String> inHand) {
    var kept = new ArrayList<>(inHand);
    kept.add("");
    database.change(
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE deliveries SET claimed_by = NULL, attempts = attempts - 1
                    WHERE target = :target AND claimed_by = :node AND approval_id NOT IN (<inHand>)\
                    """)
                .bind("target", target)
                .bind("node", node.name())
                .bindList("inHand", kept)
                .execute());
  }

  /// Saves what came of a delivery.
  ///
  /// @return whether its message is the one that will be updated from now on; it is not when
  ///     another node posted one while this one was out of touch
  boolean worked(Delivery delivery, Result result) {
    return tell(delivery, result) || shown(delivery, result.message()).equals(result.message());
  }

  /// The same delivery with the approval as it is now.
  Delivery refreshed(Delivery delivery) {
    return delivery.of(desk.find(delivery.approval().id()).orElseThrow());
  }

  /// @return whether that also saved that the agent knows it
  private boolean tell(Delivery delivery, Result result) {
    return result
        .answer()
        .filter(answer -> desk.told(delivery.approval().id(), answer.delivered(), answer.detail()))
        .isPresent();
  }

  /// Saves that the target shows the approval at the version that was delivered. A message that was
  /// saved before stays the one to update. A call that comes late, when others had shown a newer
  /// version or had found nothing to show it in, may have taken the message back: it is behind.
  private Optional<MessageRef> shown(Delivery delivery, Optional<MessageRef> message) {
    return database.change(
        handle ->
            handle
                .createQuery(
                    """
                    UPDATE deliveries SET shown = CASE WHEN shown > :version AND :called = 0 THEN shown ELSE :version END,
                      place = COALESCE(place, :place), message = COALESCE(message, :message),
                      attempts = 0, next_at = 0, error = NULL,
                      claimed_by = CASE WHEN claimed_by = :node THEN NULL ELSE claimed_by END
                    WHERE approval_id = :approval AND target = :target RETURNING place, message\
                    """)
                .bind("version", delivery.approval().version())
                .bind("called", message.isPresent() ? 1 : 0)
                .bind("place", message.map(MessageRef::place).orElse(null))
                .bind("message", message.map(MessageRef::id).orElse(null))
                .bind("node", node.name())
                .bind("approval", delivery.approval().id())
                .bind("target", delivery.target())
                .map((row, _) -> ref(row.getString("place"), row.getString("message")))
                .one());
  }

  /// Saves that it did not work and when to try again.
  void failed(Delivery delivery, Instant next, String error) {
    database.change(
        handle ->
            handle.execute(
                """
                UPDATE deliveries SET next_at = ?, claimed_by = NULL, error = ?
                WHERE approval_id = ? AND target = ? AND claimed_by = ?\
                """,
                micros(next),
                error,
                delivery.approval().id(),
                delivery.target(),
                node.name()));
  }

  /// Saves that it will never work.
  void gaveUp(Delivery delivery, Result result, String error) {
    var unused = tell(delivery, result);
    database.change(
        handle ->
            handle.execute(
                "UPDATE deliveries SET retired = 1, claimed_by = NULL, error = ? WHERE approval_id"
                    + " = ? AND target = ?",
                error,
                delivery.approval().id(),
                delivery.target()));
  }

  /// When the next delivery to a target is due, of those that no other node works on.
  Optional<Instant> nextDue(String target) {
    return database.read(
        handle ->
            handle
                .createQuery(nextDue)
                .bind("target", target)
                .bind("node", node.name())
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
    return database.change(
        handle ->
            handle.execute(
                "UPDATE deliveries SET retired = 1, error = 'no longer configured' WHERE target = ?"
                    + " AND retired = 0",
                target));
  }

  /// What a node may claim: nothing that another one has or is to tell, while that lives.
  private static String claimable(Database database) {
    return database.shared()
        ? "(claimed_by IS NULL OR NOT %s) AND (node IS NULL OR node = :node OR NOT %s)"
            .formatted(lives(database, "claimed_by"), lives(database, "node"))
        : "claimed_by IS NULL";
  }

  private static String lives(Database database, String node) {
    return "EXISTS (SELECT 1 FROM leases WHERE name = 'node:' || %s AND until > %s)"
        .formatted(node, database.clock());
  }

  private static Optional<MessageRef> ref(@Nullable String place, @Nullable String message) {
    return place == null || message == null
        ? Optional.empty()
        : Optional.of(new MessageRef(place, message));
  }
}
