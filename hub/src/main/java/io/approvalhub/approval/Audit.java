package io.approvalhub.approval;

import io.approvalhub.database.Database;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The trail of everything that happened to approvals: append-only, each row's hash made over its
/// content and the hash before it, so that a row changed, dropped or put between is found.
@Singleton
public final class Audit {

  private static final long LOCK = 0x617564697400L;
  private static final String START = "approval hub audit 1";

  private final Database database;

  Audit(Database database) {
    this.database = database;
  }

  /// Appends a row within the transaction of what it tells about.
  void append(
      Handle handle, Instant at, String event, String approval, String actor, String detail) {
    database.serialise(handle, LOCK);
    var last = last(handle);
    var seq = last.map(Link::seq).orElse(0L) + 1;
    var entry = new Entry(seq, Database.micros(at), event, approval, actor, detail);
    handle.execute(
        "INSERT INTO audit (seq, at, event, approval_id, actor, detail, hash) VALUES (?, ?, ?, ?,"
            + " ?, ?, ?)",
        entry.seq(),
        entry.at(),
        event,
        approval,
        actor,
        detail,
        entry.hash(last.map(Link::hash).orElse(START)));
  }

  /// The number of the first row that does not follow from those before it; empty when the trail is
  /// whole.
  public Optional<Long> firstBroken() {
    return database.read(
        handle -> {
          var seq = 0L;
          var hash = START;
          for (var link : links(handle)) {
            seq++;
            if (link.seq() != seq || !link.hash().equals(link.entry().hash(hash))) {
              return Optional.of(link.seq());
            }
            hash = link.hash();
          }
          return Optional.empty();
        });
  }

  private static Iterable<Link> links(Handle handle) {
    return handle.createQuery("SELECT * FROM audit ORDER BY seq").map((result, _) -> link(result));
  }

  private static Optional<Link> last(Handle handle) {
    return handle
        .createQuery("SELECT * FROM audit ORDER BY seq DESC LIMIT 1")
        .map((result, _) -> link(result))
        .findOne();
  }

  private static Link link(ResultSet result) throws SQLException {
    var entry =
        new Entry(
            result.getLong("seq"),
            result.getLong("at"),
            result.getString("event"),
            result.getString("approval_id"),
            result.getString("actor"),
            result.getString("detail"));
    return new Link(entry, result.getString("hash"));
  }

  /// What happened.
  private record Entry(
      long seq, long at, String event, String approval, String actor, String detail) {

    /// Its hash, after an entry with this hash.
    String hash(String before) {
      return Digest.of(
          before, String.valueOf(seq), String.valueOf(at), event, approval, actor, detail);
    }
  }

  /// An entry as it stands in the chain.
  private record Link(Entry entry, String hash) {
    long seq() {
      return entry.seq();
    }
  }
}
