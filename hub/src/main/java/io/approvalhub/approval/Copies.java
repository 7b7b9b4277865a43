package io.approvalhub.approval;

import io.approvalhub.database.Database;
import io.approvalhub.plugin.MessageRef;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;

/// The copies of approvals that channels show, found by what the platform brings back.
@Singleton
public final class Copies {

  private final Database database;
  private final Changes changes;

  Copies(Database database, Changes changes) {
    this.database = database;
    this.changes = changes;
  }

  /// The approval that a channel shows under this token.
  public Optional<Copy> byToken(String channel, String token) {
    return find("token = :a", channel, token, "");
  }

  /// The approval that a message of a channel shows.
  public Optional<Copy> byMessage(String channel, MessageRef message) {
    return find("place = :a AND message = :b", channel, message.place(), message.id());
  }

  /// The approval of this id, if a channel shows it.
  public Optional<Copy> byId(String channel, String id) {
    return find("approval_id = :a", channel, id, "");
  }

  /// Forgets a message that never arrived, so that the courier posts it anew.
  ///
  /// @return whether the message is known; it may not have been saved yet
  public boolean lost(String channel, MessageRef message) {
    var copy = byMessage(channel, message);
    copy.filter(found -> found.approval().pending())
        .ifPresent(
            found -> {
              forget(found);
              changes.changed(found.approval());
            });
    return copy.isPresent();
  }

  private void forget(Copy copy) {
    database.change(
        handle ->
            handle.execute(
                "UPDATE deliveries SET shown = 0, place = NULL, message = NULL WHERE token = ?",
                copy.token()));
  }

  private Optional<Copy> find(String condition, String channel, String a, String b) {
    return database.read(
        handle -> {
          Query query =
              handle.createQuery(
                  """
                  SELECT a.*, d.token AS token FROM deliveries d JOIN approvals a ON a.id = d.approval_id
                  WHERE d.target = :target AND\
                  """
                      + " d."
                      + condition.replace(" AND ", " AND d."));
          return query
              .bind("target", Target.channel(channel))
              .bind("a", a)
              .bind("b", b)
              .map(
                  (row, context) ->
                      new Copy(Store.APPROVAL.map(row, context), row.getString("token")))
              .findFirst();
        });
  }

  /// An approval as one channel shows it.
  ///
  /// @param token the channel's handle on it
  public record Copy(ApprovalRecord approval, String token) {}
}
