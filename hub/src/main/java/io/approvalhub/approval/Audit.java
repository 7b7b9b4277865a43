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
    var row = new Row(last.seq() + 1, Database.micros(at), event, approval, actor, detail, "");
    handle.execute(
        "INSERT INTO audit (seq, at, event, approval_id, actor, detail, hash) VALUES (?, ?, ?, ?,"
            + " ?, ?, ?)",
        row.seq(),
        row.at(),
        event,
        approval,
        actor,
        detail,
        row.chained(last.hash()));
  }

  /// The number of the first row that does not follow from those before it; empty when the trail is
  /// whole.
  public Optional<Long> firstBroken() {
    return database.read(
        handle -> {
          var before = new Row(0, 0, "", "", "", "", START);
          for (var row : rows(handle)) {
            if (row.seq() != before.seq() + 1 || !row.hash().equals(row.chained(before.hash()))) {
              return Optional.of(row.seq());
            }
            before = row;
          }
          return Optional.empty();
        });
  }

  private static Iterable<Row> rows(Handle handle) {
    return handle.createQuery("SELECT * FROM audit ORDER BY seq").map((result, _) -> row(result));
  }

  private static Row last(Handle handle) {
    return handle
        .createQuery("SELECT * FROM audit ORDER BY seq DESC LIMIT 1")
        .map((result, _) -> row(result))
        .findOne()
        .orElse(new Row(0, 0, "", "", "", "", START));
  }

  private static Row row(ResultSet result) throws SQLException {
    return new Row(
        result.getLong("seq"),
        result.getLong("at"),
        result.getString("event"),
        result.getString("approval_id"),
        result.getString("actor"),
        result.getString("detail"),
        result.getString("hash"));
  }

  private record Row(
      long seq, long at, String event, String approval, String actor, String detail, String hash) {

    String chained(String before) {
      return Digest.of(
          before, String.valueOf(seq), String.valueOf(at), event, approval, actor, detail);
    }
  }
}
