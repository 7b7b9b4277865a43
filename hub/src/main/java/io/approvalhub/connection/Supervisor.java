package io.approvalhub.connection;

import io.approvalhub.database.StoreException;
import io.approvalhub.log.Lengths;
import io.approvalhub.node.Leases;
import io.approvalhub.node.Workers;
import io.approvalhub.plugin.Connection;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs connections: each on a thread of its own, on one node at a time, again after every failure.
@Singleton
public final class Supervisor implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
  private static final Duration LEASE_CHECK = Duration.ofMillis(500);
  private static final Duration STEADY = Duration.ofMinutes(1);

  private final Leases leases;
  private final Workers workers;
  private final Backoff backoff;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final CountDownLatch started = new CountDownLatch(1);

  Supervisor(Leases leases, Workers workers, Backoff backoff) {
    this.leases = leases;
    this.workers = workers;
    this.backoff = backoff;
  }

  /// Keeps a connection running until the hub stops.
  ///
  /// @param name of the connection, unique in the hub: it is the name of its lease
  public void keep(String name, Contact contact, Connection connection) {
    threads.add(workers.start(name, () -> keepRunning(name, contact, connection)));
  }

  /// Lets connections begin, once the hub can be called.
  @EventListener
  void start(ServerStartupEvent event) {
    started.countDown();
  }

  /// Interrupts every connection and waits for its end.
  @Override
  @PreDestroy
  public void close() {
    Workers.end(threads);
  }

  private void keepRunning(String name, Contact contact, Connection connection) {
    var closing = new Closing(Thread.currentThread());
    var failures = 0;
    while (!closing.byHub()) {
      try {
        started.await();
        failures = keepOnce(name, contact, connection, failures, closing);
      } catch (InterruptedException _) {
        closing.interrupted();
      } catch (OutOfMemoryError e) {
        throw e;
      } catch (RuntimeException | Error e) {
        LOG.error("unexpected connection={} next=try again", name, e);
        failures++;
      } finally {
        leases.release(name);
      }
    }
  }

  /// @return how many failures there were in a row
  private int keepOnce(
      String name, Contact contact, Connection connection, int failures, Closing closing)
      throws InterruptedException {
    while (!taken(name, closing)) {
      Thread.sleep(LEASE_CHECK);
    }
    var start = System.nanoTime();
    var pause = run(contact, connection, failures);
    leases.release(name);
    Thread.sleep(pause);
    return System.nanoTime() - start > STEADY.toNanos() ? 0 : failures + 1;
  }

  /// A database out of reach gives nothing to anybody.
  private boolean taken(String name, Closing closing) {
    try {
      return leases.take(name, closing::leaseLost);
    } catch (StoreException e) {
      LOG.debug("not taken", e);
      return false;
    }
  }

  /// @return how long to wait before the next run
  private Duration run(Contact contact, Connection connection, int failures)
      throws InterruptedException {
    try {
      connection.run();
      return backoff.after(failures);
    } catch (InterruptedException e) {
      throw e;
    } catch (StoppedException e) {
      contact.stopped(Backoff.reason(e), "tries again in " + Lengths.text(Backoff.STOPPED));
      return Backoff.STOPPED;
    } catch (TryAgainException e) {
      var delay = Backoff.limited(e.delay());
      contact.trouble(Backoff.reason(e), "tries again in " + Lengths.text(delay));
      return delay;
    } catch (Exception e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      var pause = backoff.after(failures);
      contact.trouble(Backoff.reason(e), "tries again in " + Lengths.text(pause));
      return pause;
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (Error e) {
      var pause = backoff.after(failures);
      LOG.error("unexpected connection={}", contact.name(), e);
      contact.trouble(e.toString(), "tries again in " + Lengths.text(pause));
      return pause;
    }
  }

  /// Tells an interrupt by a lost lease from one by the hub's end.
  private static final class Closing {
    private final Thread thread;
    private volatile boolean leaseLost;
    private boolean byHub;

    private Closing(Thread thread) {
      this.thread = thread;
    }

    /// Called on the thread that lost the lease.
    void leaseLost() {
      leaseLost = true;
      thread.interrupt();
    }

    void interrupted() {
      byHub = !leaseLost;
      leaseLost = false;
    }

    boolean byHub() {
      return byHub;
    }
  }
}
