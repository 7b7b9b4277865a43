package io.approvalhub.node;

import io.approvalhub.database.Database;
import io.approvalhub.database.StoreException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What changed, told from node to node by PostgreSQL's `NOTIFY`. Nothing depends on a signal's
/// arrival but speed: who listens must look for itself now and then.
///
/// A hub on SQLite is alone and tells nobody.
@Singleton
public final class Signals implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
  private static final String NAME = "approval_hub";
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration QUIET = Duration.ofSeconds(5);

  /// The length of a word that can be told.
  public static final int LONGEST = 1000;

  /// What fits into the 8,000 bytes of one signal.
  private static final int MOST = 7500;

  private final Database database;
  private final Node node;
  private final List<Consumer<Collection<String>>> listeners = new CopyOnWriteArrayList<>();
  private final BlockingQueue<String> changed = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();

  Signals(Database database, Node node, Workers workers) {
    this.database = database;
    this.node = node;
    if (database.shared()) {
      threads.add(workers.start("notify", this::speak));
      threads.add(workers.start("listen", this::listen));
    }
  }

  /// Runs `listener` with what other nodes told; with nothing when signals may have been missed.
  public void listen(Consumer<Collection<String>> listener) {
    listeners.add(listener);
  }

  /// Tells the other nodes, soon and on another thread, an ASCII word of at most [#LONGEST]
  /// characters without spaces.
  public void changed(String what) {
    if (database.shared()) {
      changed.add(what);
    }
  }

  @Override
  @PreDestroy
  public void close() {
    threads.forEach(Thread::interrupt);
  }

  private void speak() throws InterruptedException {
    while (true) {
      var words = new StringBuilder(node.name()).append(' ').append(changed.take());
      var next = changed.peek();
      while (next != null && words.length() + next.length() < MOST) {
        words.append(' ').append(changed.remove());
        next = changed.peek();
      }
      tell(words.toString());
    }
  }

  private void tell(String payload) throws InterruptedException {
    try {
      database.read(handle -> handle.execute("SELECT pg_notify(?, ?)", NAME, payload));
    } catch (StoreException e) {
      LOG.debug("not told", e);
      Thread.sleep(PAUSE);
    }
  }

  private void listen() throws InterruptedException {
    while (true) {
      try (var connection = database.connect()) {
        connection.createStatement().execute("LISTEN " + NAME);
        hear(List.of());
        var signals = connection.unwrap(PGConnection.class);
        do {
          hear(signals);
        } while (!Thread.interrupted() && connection.isValid((int) PAUSE.toSeconds()));
      } catch (SQLException e) {
        trouble(e);
      }
      Thread.sleep(PAUSE);
    }
  }

  private static void trouble(SQLException e) {
    if (!Thread.currentThread().isInterrupted()) {
      LOG.warn("signals are late because={} next=listen again", e.getMessage());
    }
  }

  private void hear(PGConnection signals) throws SQLException {
    var heard = signals.getNotifications((int) QUIET.toMillis());
    while (heard != null && heard.length > 0) {
      for (var signal : heard) {
        hear(signal.getParameter());
      }
      heard = signals.getNotifications((int) QUIET.toMillis());
    }
  }

  private void hear(String payload) {
    var words = Arrays.asList(payload.split(" ", -1));
    if (!words.getFirst().equals(node.name())) {
      hear(words.subList(1, words.size()));
    }
  }

  private void hear(Collection<String> words) {
    listeners.forEach(listener -> listener.accept(words));
  }
}
