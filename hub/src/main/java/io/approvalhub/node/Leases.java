package io.approvalhub.node;

import io.approvalhub.database.Database;
import io.approvalhub.database.StoreException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What only one node may do at a time, held for seconds and renewed every second. A node that
/// cannot renew in time has lost what it held a moment before another may take it, whether or not
/// another does. One lease is the node's own: it says that the node lives.
///
/// A hub on SQLite is alone and always holds everything.
@Singleton
public final class Leases implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);
  private static final Duration TERM = Duration.ofSeconds(4);
  private static final Duration SAFE = Duration.ofMillis(3500);
  private static final Duration RENEWAL = Duration.ofSeconds(1);
  private static final Duration WATCH = Duration.ofMillis(100);
  private static final String NODES = "node:";

  private final Database database;
  private final String node;
  private final String own;
  private final Map<String, Held> held = new ConcurrentHashMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final List<Thread> threads;
  private final AtomicLong tenure = new AtomicLong();
  private volatile int nodes = 1;

  Leases(Database database, Node node, Workers workers) {
    this.database = database;
    this.node = node.name();
    own = NODES + node.name();
    if (database.shared()) {
      take(own, this::lostTouch);
      nodes = countNodes();
      LOG.info("node={} nodes={}", node.name(), nodes);
      threads =
          List.of(
              workers.startApart("leases:renew", this::renew),
              workers.startApart("leases:watch", this::watch));
    } else {
      threads = List.of();
    }
  }

  /// Whether this node may work: others believe that it lives.
  public boolean isAlive() {
    return !database.shared()
        || Optional.ofNullable(held.get(own)).filter(Held::isSafe).isPresent();
  }

  /// Another number whenever others believed in between that this node was gone, and may have taken
  /// over what it had in hand.
  public long tenure() {
    return tenure.get();
  }

  /// Whether a node of this name runs.
  public boolean lives(String name) {
    return name.equals(node) || (database.shared() && isTaken(NODES + name));
  }

  /// How many nodes work on the database, this one among them.
  public int nodes() {
    return nodes;
  }

  /// A condition, in SQL, that the node named in a column lives.
  public static String living(Database database, String column) {
    return "EXISTS (SELECT 1 FROM leases WHERE name = '%s' || %s AND until > %s)"
        .formatted(NODES, column, database.clock());
  }

  /// Runs `listener` when a node has come or gone.
  public void listen(Runnable listener) {
    listeners.add(listener);
  }

  /// Takes or keeps the lease of this name; false while another node has it.
  ///
  /// @param lost run when the lease was lost
  public boolean take(String name, Runnable lost) {
    var start = System.nanoTime();
    if (database.shared() && !taken(name)) {
      return false;
    }
    held.put(name, new Held(lost, start));
    return true;
  }

  /// Gives a lease back.
  public void release(String name) {
    held.remove(name);
    if (database.shared()) {
      delete("name = ? AND holder = ?", name, node);
    }
  }

  @Override
  @PreDestroy
  public void close() {
    threads.forEach(Thread::interrupt);
    held.clear();
    if (database.shared()) {
      delete("holder = ?", node);
    }
  }

  /// A lease that is not given back runs out.
  private void delete(String condition, Object... values) {
    try {
      database.writePromptly(
          handle -> handle.execute("DELETE FROM leases WHERE " + condition, values));
    } catch (StoreException e) {
      LOG.debug("not given back", e);
    }
  }

  private boolean taken(String name) {
    return database.write(handle -> take(handle, name)) == 1;
  }

  private boolean renewed(String name) {
    return database.writePromptly(handle -> take(handle, name)) == 1;
  }

  private int take(Handle handle, String name) {
    var sql =
        """
        INSERT INTO leases (name, holder, until) VALUES (:name, :node, %1$s + :term)
        ON CONFLICT (name) DO UPDATE SET holder = :node, until = %1$s + :term
        WHERE leases.until < %1$s OR leases.holder = :node\
        """
            .formatted(database.clock());
    return handle
        .createUpdate(sql)
        .bind("name", name)
        .bind("node", node)
        .bind("term", TERM.toNanos() / 1000)
        .execute();
  }

  private boolean isTaken(String name) {
    return count("name = ?", name) > 0;
  }

  private int countNodes() {
    return Math.max(1, count("name LIKE ?", NODES + "%"));
  }

  private int count(String condition, String value) {
    var sql =
        "SELECT COUNT(*) FROM leases WHERE %s AND until > %s"
            .formatted(condition, database.clock());
    return database.writePromptly(
        handle -> handle.createQuery(sql).bind(0, value).mapTo(Integer.class).one());
  }

  private void renew() throws InterruptedException {
    while (true) {
      Thread.sleep(RENEWAL);
      try {
        renewOnce();
      } catch (StoreException e) {
        LOG.warn("leases not renewed because={}", e.getMessage());
      }
    }
  }

  private void renewOnce() {
    held.forEach(this::renew);
    if (!held.containsKey(own) && take(own, this::lostTouch)) {
      LOG.info("in touch with the database again");
    }
    var before = nodes;
    nodes = countNodes();
    if (nodes != before) {
      LOG.info("nodes={} before={}", nodes, before);
      listeners.forEach(Runnable::run);
    }
  }

  /// One that had run out is lost, though nobody may have taken it.
  private void renew(String name, Held lease) {
    var start = System.nanoTime();
    if (lease.isSafe() && renewed(name)) {
      held.replace(name, lease, new Held(lease.lost, start));
    } else {
      lose(name, lease);
    }
  }

  /// Works without the database, which may be why nothing is renewed.
  private void watch() throws InterruptedException {
    while (true) {
      Thread.sleep(WATCH);
      held.forEach(
          (name, lease) -> {
            if (!lease.isSafe()) {
              lose(name, lease);
            }
          });
    }
  }

  private void lose(String name, Held lease) {
    if (name.equals(own)) {
      // before it can be taken anew
      tenure.incrementAndGet();
    }
    if (held.remove(name, lease)) {
      lease.lost.run();
    }
  }

  private void lostTouch() {
    LOG.error("not in touch with the database next=leaves the work to others");
  }

  /// @param lost run when it is lost
  /// @param since `System.nanoTime()` before it was taken or renewed
  private record Held(Runnable lost, long since) {

    /// Whether no other node can have taken it. A node that stood still is told by this before the
    /// watch comes to it.
    boolean isSafe() {
      return System.nanoTime() - since <= SAFE.toNanos();
    }
  }
}
