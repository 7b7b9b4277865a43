package io.approvalhub.approval;

import static io.approvalhub.database.Database.instant;
import static io.approvalhub.database.Database.micros;

import io.approvalhub.approval.ApprovalRecord.Edit;
import io.approvalhub.approval.ApprovalRecord.Resolution;
import io.approvalhub.approval.ApprovalRecord.Standing;
import io.approvalhub.approval.ToolCall.Claims;
import io.approvalhub.approval.ToolCall.Command;
import io.approvalhub.approval.ToolCall.Reply;
import io.approvalhub.approval.ToolCall.Span;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Approval.Status;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// The SQL of approvals.
final class Store {

  /// Maps a row of `approvals`.
  static final RowMapper<ApprovalRecord> APPROVAL = Store::approval;

  private Store() {}

  /// Inserts a pending approval, unless its agent raised a call of this key before.
  static boolean insert(Handle handle, ApprovalRecord approval) {
    var call = approval.call();
    return handle
            .createUpdate(
                """
                INSERT INTO approvals (id, version, status, agent, call_key, content, upstream_id, callback, tool,
                  arguments, digest, worker, risk, reason, session, annotations, context, takes_reason, takes_arguments, remembers,
                  raised_at, call_expires_at, expires_at, terms, remember, delivered)
                VALUES (:id, :version, :status, :agent, :key, :content, :upstreamId, :callback, :tool,
                  :arguments, :digest, :worker, :risk, :reason, :session, :annotations, :context, :takesReason, :takesArguments,
                  :remembers, :raisedAt, :callExpiresAt, :expiresAt, :terms, 0, :delivered)
                ON CONFLICT (agent, call_key) DO NOTHING\
                """)
            .bind("id", approval.id())
            .bind("version", approval.version())
            .bind("status", approval.status().name())
            .bind("agent", call.agent())
            .bind("key", call.key())
            .bind("content", call.content())
            .bind("upstreamId", call.upstreamId().orElse(null))
            .bind("callback", call.callback().orElse(null))
            .bind("tool", call.tool())
            .bind("arguments", call.arguments())
            .bind("digest", call.digest())
            .bind("worker", call.worker())
            .bind("risk", call.risk())
            .bind("reason", call.reason())
            .bind("session", call.session().orElse(null))
            .bind("annotations", call.annotations().text())
            .bind("context", call.context())
            .bind("takesReason", call.takes().reason() ? 1 : 0)
            .bind("takesArguments", call.takes().arguments() ? 1 : 0)
            .bind("remembers", call.takes().remembers().orElse(null))
            .bind("raisedAt", micros(approval.raisedAt()))
            .bind("callExpiresAt", call.expiresAt().map(at -> micros(at)).orElse(null))
            .bind("expiresAt", approval.expiresAt().map(at -> micros(at)).orElse(null))
            .bind("terms", approval.terms().text())
            .bind("delivered", approval.delivered().name())
            .execute()
        == 1;
  }

  /// Ends the waiting, if it has not ended: for exactly one caller.
  ///
  /// @param after whether the expiry must still lie after the resolution and the arguments must be
  ///     those that were shown, as they must for a decision
  /// @return the approval as it ended; empty for everybody else
  static Optional<ApprovalRecord> resolve(
      Handle handle, ApprovalRecord approval, Status status, Resolution resolution, boolean after) {
    return handle
        .createQuery(
            """
            UPDATE approvals SET status = :status, version = version + 1, decided_at = :at, decided_by = :by,
              decided_via = :via, decision_reason = :reason, modified_arguments = :arguments, remember = :remember
            WHERE id = :id AND status = 'PENDING'\
            """
                + (after
                    ? " AND digest = :digest AND (expires_at IS NULL OR expires_at > :at)"
                    : "")
                + " RETURNING *")
        .bind("status", status.name())
        .bind("at", micros(resolution.at()))
        .bind("by", resolution.by())
        .bind("via", resolution.via())
        .bind("reason", resolution.reason().orElse(null))
        .bind("arguments", resolution.arguments().orElse(null))
        .bind("remember", resolution.remember() ? 1 : 0)
        .bind("id", approval.id())
        .bind("digest", approval.call().digest())
        .map(APPROVAL)
        .findOne();
  }

  /// Adds what is needed to answer the agent.
  static void complete(Handle handle, ApprovalRecord approval, String context) {
    handle.execute("UPDATE approvals SET context = ? WHERE id = ?", context, approval.id());
  }

  /// Says that a vote came which decides nothing yet, if the approval still waits.
  ///
  /// @return the approval as it is now; empty when it had ended
  static Optional<ApprovalRecord> count(Handle handle, ApprovalRecord approval, Instant at) {
    return handle
        .createQuery(
            """
            UPDATE approvals SET version = version + 1
            WHERE id = :id AND status = 'PENDING' AND digest = :digest
              AND (expires_at IS NULL OR expires_at > :at) RETURNING *\
            """)
        .bind("id", approval.id())
        .bind("digest", approval.call().digest())
        .bind("at", micros(at))
        .map(APPROVAL)
        .findOne();
  }

  /// Says that messages show something else of an approval now, if it still waits.
  static Optional<ApprovalRecord> touch(Handle handle, String id) {
    return handle
        .createQuery(
            "UPDATE approvals SET version = version + 1 WHERE id = ? AND status = 'PENDING'"
                + " RETURNING *")
        .bind(0, id)
        .map(APPROVAL)
        .findOne();
  }

  /// Puts an approval that still waits under other terms.
  static Optional<ApprovalRecord> renew(Handle handle, String id, Terms terms) {
    return handle
        .createQuery(
            """
            UPDATE approvals SET terms = :terms, expires_at = :expiresAt, version = version + 1
            WHERE id = :id AND status = 'PENDING' RETURNING *\
            """)
        .bind("terms", terms.text())
        .bind("expiresAt", terms.expiresAt().map(at -> micros(at)).orElse(null))
        .bind("id", id)
        .map(APPROVAL)
        .findOne();
  }

  /// Records what the agent made of a decision.
  ///
  /// @return the approval as it is now; empty when that is recorded already
  static Optional<ApprovalRecord> delivered(Handle handle, String id, DeliveryStatus delivered) {
    return handle
        .createQuery(
            """
            UPDATE approvals SET delivered = :delivered, version = version + 1, trouble = NULL, trouble_at = NULL
            WHERE id = :id AND status <> 'PENDING' AND delivered <> :delivered RETURNING *\
            """)
        .bind("delivered", delivered.name())
        .bind("id", id)
        .map(APPROVAL)
        .findOne();
  }

  /// Records why the agent could not be told yet. Words that change are recorded once in a while
  /// only, so that messages do not flicker.
  ///
  /// @param settled what was recorded before is older than this when it may be replaced
  /// @return the approval as it is now; empty when nothing is to be said anew
  static Optional<ApprovalRecord> troubled(
      Handle handle, String id, String why, Instant now, Instant settled) {
    return handle
        .createQuery(
            """
            UPDATE approvals SET trouble = :why, trouble_at = :now, version = version + 1
            WHERE id = :id AND status <> 'PENDING' AND delivered = 'WAITING'
              AND (trouble IS NULL OR (trouble <> :why AND trouble_at < :settled)) RETURNING *\
            """)
        .bind("why", why)
        .bind("now", micros(now))
        .bind("id", id)
        .bind("settled", micros(settled))
        .map(APPROVAL)
        .findOne();
  }

  /// The ids of everything that waits.
  static List<String> pendingIds(Handle handle) {
    return handle
        .createQuery("SELECT id FROM approvals WHERE status = 'PENDING' ORDER BY id")
        .mapTo(String.class)
        .list();
  }

  /// The ids of what waits for an agent.
  static Set<String> pendingIds(Handle handle, String agent) {
    return handle
        .createQuery("SELECT id FROM approvals WHERE agent = ? AND status = 'PENDING'")
        .bind(0, agent)
        .mapTo(String.class)
        .set();
  }

  /// Whether more than `most` wait for an agent.
  static boolean waitMoreThan(Handle handle, String agent, int most) {
    return handle
        .createQuery(
            "SELECT 1 FROM approvals WHERE agent = ? AND status = 'PENDING' LIMIT 1 OFFSET ?")
        .bind(0, agent)
        .bind(1, most)
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  static Optional<ApprovalRecord> find(Handle handle, String id) {
    return handle
        .createQuery("SELECT * FROM approvals WHERE id = ?")
        .bind(0, id)
        .map(APPROVAL)
        .findOne();
  }

  static Optional<ApprovalRecord> find(Handle handle, String agent, String key) {
    return handle
        .createQuery("SELECT * FROM approvals WHERE agent = ? AND call_key = ?")
        .bind(0, agent)
        .bind(1, key)
        .map(APPROVAL)
        .findOne();
  }

  /// One at least, where there is one, and no more than fit in memory together.
  static List<ApprovalRecord> list(Handle handle, Selection selection) {
    var order = "ORDER BY id" + (selection.newestFirst() ? " DESC" : "");
    return handle
        .createQuery(
            "SELECT * FROM (SELECT page.*, SUM(size) OVER ("
                + order
                + " ROWS UNBOUNDED PRECEDING) - size AS before FROM (SELECT approvals.*,"
                + " LENGTH(arguments) + LENGTH(context) + LENGTH(COALESCE(modified_arguments, ''))"
                + " AS size FROM approvals WHERE id "
                + (selection.newestFirst() && !selection.after().isEmpty() ? "<" : ">")
                + " :after"
                + (selection.status().isPresent()
                    ? " AND status = '" + selection.status().get() + "'"
                    : "")
                + (selection.agent().isPresent() ? " AND agent = :agent" : "")
                + " "
                + order
                + " LIMIT :limit) AS page) AS pages WHERE before < :size "
                + order)
        .bind("size", Selection.MOST_CHARACTERS)
        .bind("after", selection.after())
        .bind("agent", selection.agent().orElse(""))
        .bind("limit", selection.limit())
        .map(APPROVAL)
        .list();
  }

  /// Forgets the arguments of some of what was decided before `limit`: nothing that somebody has
  /// yet to be shown, and no edit that the agent has yet to ask for.
  ///
  /// @return how many there were
  static int forget(Handle handle, Instant limit, int most) {
    var ids =
        handle
            .createQuery(
                """
                SELECT a.id FROM approvals a WHERE a.decided_at < ? AND a.arguments <> ''
                  AND NOT (a.delivered = 'WAITING' AND a.modified_arguments IS NOT NULL)
                  AND NOT EXISTS (SELECT 1 FROM deliveries d
                    WHERE d.approval_id = a.id AND d.shown < d.wanted AND d.retired = 0)
                ORDER BY a.decided_at LIMIT ?\
                """)
            .bind(0, micros(limit))
            .bind(1, most)
            .mapTo(String.class)
            .list();
    if (!ids.isEmpty()) {
      handle
          .createUpdate(
              """
              UPDATE approvals SET arguments = '', context = '{}',
                modified_arguments = CASE WHEN modified_arguments IS NULL THEN NULL ELSE '' END
              WHERE id IN (<ids>)\
              """)
          .bindList("ids", ids)
          .execute();
      Votes.forget(handle, ids);
    }
    return ids.size();
  }

  private static ApprovalRecord approval(ResultSet row, StatementContext context)
      throws SQLException {
    return new ApprovalRecord(
        row.getString("id"),
        row.getLong("version"),
        call(row),
        instant(row.getLong("raised_at")),
        terms(row),
        new Standing(
            Status.valueOf(row.getString("status")),
            resolution(row),
            DeliveryStatus.valueOf(row.getString("delivered")),
            Optional.ofNullable(row.getString("trouble"))));
  }

  private static ToolCall call(ResultSet row) throws SQLException {
    return new ToolCall(
        row.getString("agent"),
        row.getString("call_key"),
        new Command(row.getString("tool"), row.getString("arguments")),
        new Claims(
            row.getString("worker"),
            row.getString("risk"),
            row.getString("reason"),
            Optional.ofNullable(row.getString("session")),
            ToolAnnotations.of(row.getString("annotations"))),
        reply(row),
        new Span(moment(row, "raised_at"), moment(row, "call_expires_at")));
  }

  private static Terms terms(ResultSet row) throws SQLException {
    var text = row.getString("terms");
    return text == null ? Terms.UNKNOWN : Terms.of(text, moment(row, "expires_at"));
  }

  private static Reply reply(ResultSet row) throws SQLException {
    return new Reply(
        Optional.ofNullable(row.getString("upstream_id")),
        Optional.ofNullable(row.getString("callback")),
        row.getString("context"),
        new Capabilities(
            row.getInt("takes_reason") == 1,
            row.getInt("takes_arguments") == 1,
            Optional.ofNullable(row.getString("remembers"))));
  }

  private static Optional<Resolution> resolution(ResultSet row) throws SQLException {
    var at = moment(row, "decided_at");
    return at.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Resolution(
                at.get(),
                row.getString("decided_by"),
                row.getString("decided_via"),
                Optional.ofNullable(row.getString("decision_reason")),
                edit(row.getString("modified_arguments")),
                row.getInt("remember") == 1));
  }

  private static Edit edit(@Nullable String arguments) {
    return new Edit(
        arguments != null, Optional.ofNullable(arguments).filter(text -> !text.isEmpty()));
  }

  private static Optional<Instant> moment(ResultSet row, String column) throws SQLException {
    var micros = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(instant(micros));
  }
}
