package io.approvalhub.connection;

import io.approvalhub.database.Database;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What only one node may do at a time, held for seconds and renewed every second. A node that
/// cannot renew in time has lost what it held, whether or not another took it.
///
/// A hub on SQLite is alone and always holds everything.
@Singleton
public final class Leases implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);
  private static final Duration TERM = Duration.ofSeconds(4);
  private static final Duration RENEWAL = Duration.ofSeconds(1);

  private final Database database;
  private final String node = UUID.randomUUID().toString();
  private final Map<String, Runnable> held = new ConcurrentHashMap<>();
  private final Thread renewer;

  Leases(Database database) {
    this.database = database;
    renewer = Thread.ofPlatform().daemon().name("leases").unstarted(this::renew);
    if (database.shared()) {
      take("node:" + node, () -> LOG.warn("lost the lease of this node"));
      renewer.start();
    }
  }

  /// This process, as it signs its claims.
  public String node() {
    return node;
  }

  /// Whether a node of this name runs.
  public boolean lives(String name) {
    return name.equals(node) || (database.shared() && holds(name));
  }

  /// Takes or keeps the lease of this name; false while another node has it.
  ///
  /// @param lost run when the lease was lost
  boolean take(String name, Runnable lost) {
    if (database.shared() && !taken(name)) {
      return false;
    }
    held.put(name, lost);
    return true;
  }

  void release(String name) {
    held.remove(name);
    if (database.shared()) {
      database.write(
          handle -> handle.execute("DELETE FROM leases WHERE name = ? AND holder = ?", name, node));
    }
  }

  @Override
  @PreDestroy
  public void close() {
    renewer.interrupt();
    held.clear();
    if (database.shared()) {
      database.write(handle -> handle.execute("DELETE FROM leases WHERE holder = ?", node));
    }
  }

  private boolean taken(String name) {
    var sql =
        """
        INSERT INTO leases (name, holder, until) VALUES (:name, :node, %1$s + :term)
        ON CONFLICT (name) DO UPDATE SET holder = :node, until = %1$s + :term
        WHERE leases.until < %1$s OR leases.holder = :node\
        """
            .formatted(database.clock());
    return database.write(
            handle ->
                handle
                    .createUpdate(sql)
                    .bind("name", name)
                    .bind("node", node)
                    .bind("term", TERM.toNanos() / 1000)
                    .execute())
        == 1;
  }

  private boolean holds(String holder) {
    return database.read(
            handle ->
                handle
                    .createQuery(
                        "SELECT COUNT(*) FROM leases WHERE name = ? AND until > "
                            + database.clock())
                    .bind(0, "node:" + holder)
                    .mapTo(Long.class)
                    .one())
        > 0;
  }

  private void renew() {
    var renewed = System.nanoTime();
    while (!Thread.currentThread().isInterrupted()) {
      try {
        Thread.sleep(RENEWAL);
        var start = System.nanoTime();
        held.forEach(this::renew);
        renewed = start;
      } catch (InterruptedException _) {
        return;
      } catch (JdbiException e) {
        LOG.warn("leases not renewed because={}", e.getMessage());
        if (System.nanoTime() - renewed > TERM.toNanos()) {
          held.keySet().forEach(this::lose);
        }
      }
    }
  }

  private void renew(String name, Runnable lost) {
    if (!taken(name)) {
      lose(name);
    }
  }

  private void lose(String name) {
    var lost = held.remove(name);
    if (lost != null) {
      lost.run();
    }
  }
}
