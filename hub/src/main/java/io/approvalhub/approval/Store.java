package io.approvalhub.approval;

import static io.approvalhub.database.Database.instant;
import static io.approvalhub.database.Database.micros;

import io.approvalhub.approval.ApprovalRecord.Resolution;
import io.approvalhub.approval.ToolCall.Claims;
import io.approvalhub.approval.ToolCall.Command;
import io.approvalhub.approval.ToolCall.Reply;
import io.approvalhub.approval.ToolCall.Span;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Approval.Status;
import io.approvalhub.plugin.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// The SQL of approvals, decisions and the rows that say who must be shown them.
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
                  arguments, digest, worker, risk, reason, session, context, takes_reason, takes_arguments, remembers,
                  raised_at, expires_at, remember, delivered)
                VALUES (:id, :version, :status, :agent, :key, :content, :upstreamId, :callback, :tool,
                  :arguments, :digest, :worker, :risk, :reason, :session, :context, :takesReason, :takesArguments,
                  :remembers, :raisedAt, :expiresAt, 0, :delivered)
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
            .bind("context", call.context())
            .bind("takesReason", call.takes().reason() ? 1 : 0)
            .bind("takesArguments", call.takes().arguments() ? 1 : 0)
            .bind("remembers", call.takes().remembers().orElse(null))
            .bind("raisedAt", micros(approval.raisedAt()))
            .bind("expiresAt", call.expiresAt().map(at -> micros(at)).orElse(null))
            .bind("delivered", approval.delivered().name())
            .execute()
        == 1;
  }

  /// Collects rows that say who must be shown an approval; those that exist stay as they are.
  static PreparedBatch deliveries(Handle handle) {
    return handle.prepareBatch(
        """
        INSERT INTO deliveries (approval_id, target, token, wanted, shown, retired, attempts, next_at, node)
        VALUES (:approval, :target, :token, :wanted, :shown, 0, 0, 0, :node)
        ON CONFLICT (approval_id, target) DO NOTHING\
        """);
  }

  /// Says that a channel must be shown the approval.
  static void addChannel(
      PreparedBatch deliveries, ApprovalRecord approval, String channel, String token) {
    add(deliveries, approval, Target.channel(channel), token, 0, null);
  }

  /// Says that the agent must be told when the approval changes, by `node` for as long as that
  /// lives: it may hold what the agent's client waits for.
  static void addAgent(
      PreparedBatch deliveries, ApprovalRecord approval, String token, String node) {
    var target = Target.agent(approval.call().agent());
    add(deliveries, approval, target, token, approval.version(), node);
  }

  private static void add(
      PreparedBatch deliveries,
      ApprovalRecord approval,
      String target,
      String token,
      long shown,
      @Nullable String node) {
    deliveries
        .bind("approval", approval.id())
        .bind("target", target)
        .bind("token", token)
        .bind("wanted", approval.version())
        .bind("shown", shown)
        .bind("node", node)
        .add();
  }

  /// Ends the waiting, if it has not ended: for exactly one caller.
  ///
  /// @param after whether the expiry must still lie after the resolution, as it must for a decision
  /// @return the approval as it ended; empty for everybody else
  static Optional<ApprovalRecord> resolve(
      Handle handle, ApprovalRecord approval, Status status, Resolution resolution, boolean after) {
    return handle
        .createQuery(
            """
            UPDATE approvals SET status = :status, version = version + 1, decided_at = :at, decided_by = :by,
              decided_via = :via, decision_reason = :reason, modified_arguments = :arguments, remember = :remember
            WHERE id = :id AND status = 'PENDING' AND digest = :digest\
            """
                + (after ? " AND (expires_at IS NULL OR expires_at > :at)" : "")
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

  /// Adds what is needed to answer the agent, which `node` now tells.
  static void complete(Handle handle, ApprovalRecord approval, String context, String node) {
    handle.execute("UPDATE approvals SET context = ? WHERE id = ?", context, approval.id());
    handle.execute(
        "UPDATE deliveries SET node = ? WHERE approval_id = ? AND target = ?",
        node,
        approval.id(),
        Target.agent(approval.call().agent()));
  }

  static void insertDecision(
      Handle handle, String id, Verdict verdict, Resolution resolution, String digest) {
    handle.execute(
        """
        INSERT INTO decisions (approval_id, verdict, decided_by, decided_via, reason, digest, decided_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)\
        """,
        id,
        verdict.name(),
        resolution.by(),
        resolution.via(),
        resolution.reason().orElse(null),
        digest,
        micros(resolution.at()));
  }

  /// Says that everybody who was to be shown the approval must be shown its version of now.
  static void outdate(Handle handle, ApprovalRecord approval) {
    handle.execute(
        "UPDATE deliveries SET wanted = ? WHERE approval_id = ?",
        approval.version(),
        approval.id());
  }

  /// Says that the agent knows the approval as it is, and that nobody works on that any more.
  static void upToDate(Handle handle, ApprovalRecord approval) {
    handle.execute(
        """
        UPDATE deliveries SET shown = wanted, attempts = 0, next_at = 0, claimed_by = NULL, error = NULL
        WHERE approval_id = ? AND target = ?\
        """,
        approval.id(),
        Target.agent(approval.call().agent()));
  }

  /// Records what the agent made of a decision.
  ///
  /// @return the approval as it is now; empty when that is recorded already
  static Optional<ApprovalRecord> delivered(Handle handle, String id, DeliveryStatus delivered) {
    return handle
        .createQuery(
            """
            UPDATE approvals SET delivered = :delivered, version = version + 1
            WHERE id = :id AND status <> 'PENDING' AND delivered <> :delivered RETURNING *\
            """)
        .bind("delivered", delivered.name())
        .bind("id", id)
        .map(APPROVAL)
        .findOne();
  }

  /// The ids of what waits for an agent.
  static Set<String> pendingIds(Handle handle, String agent) {
    return handle
        .createQuery("SELECT id FROM approvals WHERE agent = ? AND status = 'PENDING'")
        .bind(0, agent)
        .mapTo(String.class)
        .set();
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

  static List<ApprovalRecord> list(Handle handle, Selection selection) {
    return handle
        .createQuery(
            "SELECT * FROM approvals WHERE id "
                + (selection.newestFirst() && !selection.after().isEmpty() ? "<" : ">")
                + " :after"
                + (selection.status().isPresent()
                    ? " AND status = '" + selection.status().get() + "'"
                    : "")
                + (selection.agent().isPresent() ? " AND agent = :agent" : "")
                + " ORDER BY id"
                + (selection.newestFirst() ? " DESC" : "")
                + " LIMIT :limit")
        .bind("after", selection.after())
        .bind("agent", selection.agent().orElse(""))
        .bind("limit", selection.limit())
        .map(APPROVAL)
        .list();
  }

  static List<ApprovalRecord> expiring(Handle handle, Instant now, int limit) {
    return handle
        .createQuery(
            "SELECT * FROM approvals WHERE status = 'PENDING' AND expires_at <= ? ORDER BY"
                + " expires_at LIMIT ?")
        .bind(0, micros(now))
        .bind(1, limit)
        .map(APPROVAL)
        .list();
  }

  static Optional<Instant> nextExpiry(Handle handle) {
    return handle
        .createQuery(
            "SELECT MIN(expires_at) FROM approvals WHERE status = 'PENDING' AND expires_at IS NOT"
                + " NULL")
        .mapTo(Long.class)
        .findOne()
        .flatMap(micros -> instant(micros));
  }

  /// Forgets the arguments of what was decided before `limit`.
  static int forget(Handle handle, Instant limit) {
    return handle.execute(
        """
        UPDATE approvals SET arguments = '', modified_arguments = NULL, context = '{}'
        WHERE decided_at < ? AND arguments <> ''\
        """,
        micros(limit));
  }

  private static ApprovalRecord approval(ResultSet row, StatementContext context)
      throws SQLException {
    return new ApprovalRecord(
        row.getString("id"),
        row.getLong("version"),
        Status.valueOf(row.getString("status")),
        call(row),
        instant(row.getLong("raised_at")),
        resolution(row),
        DeliveryStatus.valueOf(row.getString("delivered")));
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
            Optional.ofNullable(row.getString("session"))),
        reply(row),
        new Span(moment(row, "raised_at"), moment(row, "expires_at")));
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
                Optional.ofNullable(row.getString("modified_arguments")),
                row.getInt("remember") == 1));
  }

  private static Optional<Instant> moment(ResultSet row, String column) throws SQLException {
    var micros = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(instant(micros));
  }
}
