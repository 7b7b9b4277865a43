package io.approvalhub.approval;

import static io.approvalhub.database.Database.micros;

import io.approvalhub.database.Database;
import io.approvalhub.node.Leases;
import io.approvalhub.node.Node;
import io.approvalhub.plugin.MessageRef;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who is shown which approval, and what they have been shown of it: every row and statement of
/// deliveries.
///
/// A row is claimed before it is worked on, so that another node leaves it alone and a crash in
/// between is seen afterwards. A target has a row for each message of an approval: the prompt, and
/// those that were posted beside it and became known later.
@Singleton
public final class Outbox {

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final String FOUND = "found ";

  private final Database database;
  private final Changes changes;
  private final Ids ids;
  private final Node node;
  private final Claims claims;

  Outbox(Database database, Changes changes, Ids ids, Node node) {
    this.database = database;
    this.changes = changes;
    this.ids = ids;
    this.node = node;
    claims = new Claims(database);
    if (!database.shared()) {
      database.change(
          handle ->
              handle.execute(
                  "UPDATE deliveries SET claimed_by = NULL WHERE claimed_by IS NOT NULL"));
    }
  }

  /// Says that the channels of its terms must be shown the approval, and, where it is to be told,
  /// its agent when that changes: by this node for as long as it lives, since it may hold what the
  /// agent's client waits for. Rows that exist stay as they are.
  void add(Handle handle, ApprovalRecord approval) {
    var rows =
        handle.prepareBatch(
            """
            INSERT INTO deliveries (approval_id, target, slot, token, wanted, shown, retired, attempts, next_at, held, node)
            VALUES (:approval, :target, 'prompt', :token, :wanted, :shown, 0, 0, 0, 0, :node)
            ON CONFLICT (approval_id, target, slot) DO NOTHING\
            """);
    approval
        .terms()
        .channels()
        .forEach(channel -> add(rows, approval, Target.channel(channel), 0, null));
    if (approval.call().isTold()) {
      var target = Target.agent(approval.call().agent());
      add(rows, approval, target, approval.version(), node.name());
    }
    if (rows.size() > 0) {
      rows.execute();
    }
  }

  private void add(
      PreparedBatch rows,
      ApprovalRecord approval,
      String target,
      long shown,
      @Nullable String teller) {
    rows.bind("approval", approval.id())
        .bind("target", target)
        .bind("token", ids.token())
        .bind("wanted", approval.version())
        .bind("shown", shown)
        .bind("node", teller)
        .add();
  }

  /// Says that everybody who was to be shown the approval must be shown its version of now.
  void outdate(Handle handle, ApprovalRecord approval) {
    handle.execute(
        "UPDATE deliveries SET wanted = ? WHERE approval_id = ?",
        approval.version(),
        approval.id());
  }

  /// Says that the agent knows the approval as it is, and that nobody works on that any more.
  void told(Handle handle, ApprovalRecord approval) {
    handle.execute(
        """
        UPDATE deliveries SET shown = wanted, attempts = 0, next_at = 0, held = 0, claimed_by = NULL, error = NULL
        WHERE approval_id = ? AND target = ?\
        """,
        approval.id(),
        Target.agent(approval.call().agent()));
  }

  /// Says that this node tells the agent.
  void tell(Handle handle, ApprovalRecord approval) {
    handle.execute(
        "UPDATE deliveries SET node = ? WHERE approval_id = ? AND target = ?",
        node.name(),
        approval.id(),
        Target.agent(approval.call().agent()));
  }

  /// Claims what `target` must be shown next: new prompts first. An approval that nobody can read
  /// is given up, and the next one claimed.
  ///
  /// @param again whether also what failed before
  public Optional<Delivery> claim(String target, Instant now, boolean again) {
    while (true) {
      var claimed = database.change(handle -> claim(handle, target, now, again));
      if (claimed.isEmpty() || claimed.get().delivery().isPresent()) {
        return claimed.flatMap(Claim::delivery);
      }
      LOG.error(
          "gave up approval={} target={} because={}",
          claimed.get().approval(),
          target,
          claimed.get().trouble());
    }
  }

  private Optional<Claim> claim(Handle handle, String target, Instant now, boolean again) {
    var claimed =
        handle
            .createQuery(claims.next())
            .bind("node", node.name())
            .bind("target", target)
            .bind("now", micros(now))
            .bind("again", again ? 1 : 0)
            .map((row, _) -> claim(handle, target, row))
            .findOne();
    claimed
        .filter(claim -> claim.delivery().isEmpty())
        .ifPresent(claim -> gaveUp(handle, target, claim));
    return claimed;
  }

  private static Claim claim(Handle handle, String target, ResultSet row) throws SQLException {
    var approval = row.getString("approval_id");
    var slot = row.getString("slot");
    try {
      var delivery =
          new Delivery(
              Store.find(handle, approval).orElseThrow(),
              target,
              slot,
              row.getString("token"),
              ref(row),
              row.getInt("attempts") - 1);
      return new Claim(approval, slot, Optional.of(delivery), "");
    } catch (OutOfMemoryError | JdbiException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      return new Claim(approval, slot, Optional.empty(), e.toString());
    }
  }

  private static void gaveUp(Handle handle, String target, Claim claim) {
    handle.execute(
        """
        UPDATE deliveries SET retired = 1, claimed_by = NULL, error = ?
        WHERE approval_id = ? AND target = ? AND slot = ?\
        """,
        claim.trouble(),
        claim.approval(),
        target,
        claim.slot());
  }

  /// Gives back what this node claimed without knowing it, since the answer to a claim was lost.
  ///
  /// @param inHand the deliveries that it does work on, by [Delivery#key]
  public void release(String target, Collection<String> inHand) {
    var kept = new ArrayList<>(inHand);
    kept.add("");
    database.change(
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE deliveries SET claimed_by = NULL, attempts = attempts - 1
                    WHERE target = :target AND claimed_by = :node AND approval_id || ' ' || slot NOT IN (<inHand>)\
                    """)
                .bind("target", target)
                .bind("node", node.name())
                .bindList("inHand", kept)
                .execute());
  }

  /// Saves that the target shows the approval at the version that was delivered. A message that was
  /// saved before stays the one to update, and one that was posted beside it is kept and updated
  /// too. A call that comes late, when others had shown a newer version or had found nothing to
  /// show it in, may have taken the message back: it is behind.
  ///
  /// @param message where it is shown, if anywhere
  /// @return whether the message was posted beside another one, by a node that was out of touch
  public boolean shown(Delivery delivery, Optional<MessageRef> message) {
    var saved = save(delivery, message);
    var beside = message.isPresent() && !saved.equals(message);
    if (beside) {
      keep(delivery, message.get(), delivery.approval().version());
    }
    return beside;
  }

  private Optional<MessageRef> save(Delivery delivery, Optional<MessageRef> message) {
    return database.change(
        handle ->
            handle
                .createQuery(
                    """
                    UPDATE deliveries SET shown = CASE WHEN shown > :version AND :called = 0 THEN shown ELSE :version END,
                      place = COALESCE(place, :place), message = COALESCE(message, :message),
                      attempts = 0, next_at = 0, held = 0, error = NULL,
                      claimed_by = CASE WHEN claimed_by = :node THEN NULL ELSE claimed_by END
                    WHERE approval_id = :approval AND target = :target AND slot = :slot RETURNING place, message\
                    """)
                .bind("version", delivery.approval().version())
                .bind("called", message.isPresent() ? 1 : 0)
                .bind("place", message.map(MessageRef::place).orElse(null))
                .bind("message", message.map(MessageRef::id).orElse(null))
                .bind("node", node.name())
                .bind("approval", delivery.approval().id())
                .bind("target", delivery.target())
                .bind("slot", delivery.slot())
                .map((row, _) -> ref(row))
                .one());
  }

  /// Keeps a message beside the prompt until it shows how the approval ended.
  private void keep(Delivery delivery, MessageRef message, long shown) {
    database.write(
        handle -> insert(handle, delivery.approval().id(), delivery.target(), message, shown));
    changes.changed(delivery.approval());
  }

  /// The version is read under a lock: whoever raises it afterwards also sees the new row.
  private int insert(
      Handle handle, String approval, String target, MessageRef message, long shown) {
    return handle
        .createUpdate(
            """
            INSERT INTO deliveries (approval_id, target, slot, token, wanted, shown, retired, place, message, attempts,
              next_at, held)
            SELECT approval_id, target, :slot, token, :wanted, :shown, 0, :place, :message, 0, 0, 0
            FROM deliveries WHERE approval_id = :approval AND target = :target AND slot = 'prompt'
            ON CONFLICT (approval_id, target, slot) DO NOTHING\
            """)
        .bind("slot", FOUND + message.place() + " " + message.id())
        .bind("wanted", lock(handle, approval))
        .bind("shown", shown)
        .bind("place", message.place())
        .bind("message", message.id())
        .bind("approval", approval)
        .bind("target", target)
        .execute();
  }

  private long lock(Handle handle, String approval) {
    return handle
        .createQuery("SELECT version FROM approvals WHERE id = ?" + database.lock())
        .bind(0, approval)
        .mapTo(Long.class)
        .one();
  }

  /// Makes a message known that somebody pressed and that nobody had saved: the one to update, when
  /// there is none, or one beside it.
  public void pressed(Copy copy, String channel, MessageRef message) {
    var target = Target.channel(channel);
    if (knows(target, message)) {
      return;
    }
    var approval = copy.approval().id();
    var isNew =
        database.write(
            handle -> {
              var wanted = lock(handle, approval);
              return adopt(handle, approval, target, message, wanted)
                  + insertUnknown(handle, approval, target, message);
            });
    if (isNew > 0) {
      changes.changed(copy.approval());
    }
  }

  /// A click can come before the courier has saved where it posted: that row is left to it.
  private int adopt(
      Handle handle, String approval, String target, MessageRef message, long wanted) {
    return handle
        .createUpdate(
            """
            UPDATE deliveries SET place = :place, message = :message, shown = 1, wanted = :wanted, retired = 0,
              attempts = 0, next_at = 0, held = 0, error = NULL
            WHERE approval_id = :approval AND target = :target AND slot = 'prompt' AND message IS NULL\
            """)
        .bind("place", message.place())
        .bind("message", message.id())
        .bind("wanted", wanted)
        .bind("approval", approval)
        .bind("target", target)
        .execute();
  }

  private int insertUnknown(Handle handle, String approval, String target, MessageRef message) {
    return knows(handle, target, message) ? 0 : insert(handle, approval, target, message, 1);
  }

  private boolean knows(String target, MessageRef message) {
    return database.read(handle -> knows(handle, target, message));
  }

  private static boolean knows(Handle handle, String target, MessageRef message) {
    return handle
        .createQuery("SELECT 1 FROM deliveries WHERE target = ? AND place = ? AND message = ?")
        .bind(0, target)
        .bind(1, message.place())
        .bind(2, message.id())
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  /// Saves that it did not work and when to try again.
  ///
  /// @param held whether because of the target, and not of this delivery
  public void failed(Delivery delivery, Instant next, boolean held, String error) {
    database.change(
        handle ->
            handle.execute(
                """
                UPDATE deliveries SET next_at = ?, held = ?, claimed_by = NULL, error = ?
                WHERE approval_id = ? AND target = ? AND slot = ? AND claimed_by = ?\
                """,
                micros(next),
                held ? 1 : 0,
                error,
                delivery.approval().id(),
                delivery.target(),
                delivery.slot(),
                node.name()));
  }

  /// Saves that it will never work.
  public void gaveUp(Delivery delivery, String error) {
    var claim = new Claim(delivery.approval().id(), delivery.slot(), Optional.of(delivery), error);
    database.change(
        handle -> {
          gaveUp(handle, delivery.target(), claim);
          return claim;
        });
  }

  /// Lets go at once what waits because of the target, which works again or may have been mended.
  public void free(String target) {
    database.change(
        handle ->
            handle.execute(
                """
                UPDATE deliveries SET next_at = 0, held = 0
                WHERE target = ? AND shown < wanted AND retired = 0 AND held = 1\
                """,
                target));
  }

  /// Takes up again what was given up on a channel, which may have been mended: what waits, and
  /// messages that do not show how it ended.
  public void takeUp(String target) {
    database.change(
        handle ->
            handle.execute(
                """
                UPDATE deliveries SET retired = 0, attempts = 0, next_at = 0, held = 0
                WHERE target = ? AND retired = 1 AND shown < wanted
                  AND (message IS NOT NULL OR slot = 'prompt' AND EXISTS (SELECT 1 FROM approvals a
                    WHERE a.id = deliveries.approval_id AND a.status = 'PENDING'))\
                """,
                target));
  }

  /// Lets nothing wait for longer than until `latest`.
  public void cap(String target, Instant latest) {
    database.change(
        handle ->
            handle.execute(
                """
                UPDATE deliveries SET next_at = ?
                WHERE target = ? AND shown < wanted AND retired = 0 AND next_at > ?\
                """,
                micros(latest),
                target,
                micros(latest)));
  }

  /// When the next delivery to a target is due, of those that no other node works on.
  ///
  /// @param again whether also of those that failed before
  public Optional<Instant> nextDue(String target, boolean again) {
    return database.read(
        handle ->
            handle
                .createQuery(claims.due())
                .bind("target", target)
                .bind("node", node.name())
                .bind("again", again ? 1 : 0)
                .mapTo(Long.class)
                .findOne()
                .map(micros -> Database.instant(micros.longValue())));
  }

  /// How many messages a target is behind.
  public long behind(String target) {
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
  public List<String> targets() {
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
  public int retire(String target) {
    return database.change(
        handle ->
            handle.execute(
                "UPDATE deliveries SET retired = 1, error = 'no longer configured' WHERE target = ?"
                    + " AND retired = 0",
                target));
  }

  /// The approval that a channel shows under this token.
  public Optional<Copy> byToken(String channel, String token) {
    return find("d.token = :a", channel, token, "");
  }

  /// The approval that a message of a channel shows.
  public Optional<Copy> byMessage(String channel, MessageRef message) {
    return find("d.place = :a AND d.message = :b", channel, message.place(), message.id());
  }

  /// The approval of this id, if a channel shows it.
  public Optional<Copy> byId(String channel, String id) {
    return find("d.approval_id = :a", channel, id, "");
  }

  private Optional<Copy> find(String condition, String channel, String a, String b) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT a.*, d.token AS token FROM deliveries d JOIN approvals a ON a.id = d.approval_id
                    WHERE d.target = :target AND\
                    """
                        + " "
                        + condition)
                .bind("target", Target.channel(channel))
                .bind("a", a)
                .bind("b", b)
                .map(
                    (row, context) ->
                        new Copy(Store.APPROVAL.map(row, context), row.getString("token")))
                .findFirst());
  }

  /// Forgets a message that never arrived, so that the courier posts it anew.
  ///
  /// @return whether the message is known; it may not have been saved yet
  public boolean lost(String channel, MessageRef message) {
    var copy = byMessage(channel, message);
    copy.filter(found -> found.approval().pending())
        .ifPresent(
            found -> {
              forget(Target.channel(channel), message);
              changes.changed(found.approval());
            });
    return copy.isPresent();
  }

  private void forget(String target, MessageRef message) {
    database.change(
        handle ->
            handle.execute(
                """
                UPDATE deliveries SET shown = 0, place = NULL, message = NULL,
                  retired = CASE WHEN slot = 'prompt' THEN retired ELSE 1 END
                WHERE target = ? AND place = ? AND message = ?\
                """,
                target,
                message.place(),
                message.id()));
  }

  private static Optional<MessageRef> ref(ResultSet row) throws SQLException {
    var place = row.getString("place");
    var message = row.getString("message");
    return place == null || message == null
        ? Optional.empty()
        : Optional.of(new MessageRef(place, message));
  }

  /// An approval as one channel shows it.
  ///
  /// @param token the channel's handle on it
  public record Copy(ApprovalRecord approval, String token) {}

  /// A row that was claimed.
  ///
  /// @param delivery empty when its approval cannot be read
  private record Claim(String approval, String slot, Optional<Delivery> delivery, String trouble) {}

  /// How rows are claimed.
  ///
  /// @param next claims the next row
  /// @param due tells when the next row is due
  private record Claims(String next, String due) {

    /// Whether something is shown already, as the index has it.
    private static final String SHOWN = "(CASE WHEN shown > 0 THEN 1 ELSE 0 END)";

    Claims(Database database) {
      this(next(database), due(behind(database)));
    }

    private static String next(Database database) {
      return """
      WITH next AS MATERIALIZED (
        SELECT approval_id, target, slot %s AND next_at <= :now
        ORDER BY %s, next_at, approval_id LIMIT 1%s)
      UPDATE deliveries SET claimed_by = :node, attempts = attempts + 1 FROM next
      WHERE deliveries.approval_id = next.approval_id AND deliveries.target = next.target
        AND deliveries.slot = next.slot
      RETURNING deliveries.approval_id, deliveries.slot, token, place, message, attempts\
      """
          .formatted(behind(database), SHOWN, database.skipLocked());
    }

    private static String due(String behind) {
      var first =
          "SELECT * FROM (SELECT next_at %s AND %s = %d ORDER BY next_at LIMIT 1) AS first%3$d";
      return "SELECT MIN(next_at) FROM (%s UNION ALL %s) AS firsts"
          .formatted(first.formatted(behind, SHOWN, 0), first.formatted(behind, SHOWN, 1));
    }

    private static String behind(Database database) {
      return "FROM deliveries WHERE target = :target AND shown < wanted AND retired = 0"
          + " AND (:again = 1 OR attempts = 0) AND "
          + claimable(database);
    }

    /// What a node may claim: nothing that another one has or is to tell, while that lives.
    private static String claimable(Database database) {
      return database.shared()
          ? "(claimed_by IS NULL OR NOT %s) AND (node IS NULL OR node = :node OR NOT %s)"
              .formatted(Leases.living(database, "claimed_by"), Leases.living(database, "node"))
          : "claimed_by IS NULL";
    }
  }
}
