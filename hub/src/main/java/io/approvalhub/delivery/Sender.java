package io.approvalhub.delivery;

import io.approvalhub.connection.Backoff;
import io.approvalhub.node.Leases;
import io.approvalhub.plugin.RefusedException;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings one recipient up, delivery by delivery, at the recipient's pace; leaves it alone for a
/// while after a failure.
final class Sender {

  private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

  /// How long to leave the store alone that failed, as Backoff counts.
  private static final int STORE_FAILURES = 1;

  /// What was due went to another thread or node.
  private static final Duration TAKEN = Duration.ofMillis(5);

  private static final Duration OUT_OF_TOUCH = Duration.ofMillis(500);

  private final Recipient recipient;
  private final Strays strays;
  private final Deliveries deliveries;
  private final Leases leases;
  private final Bucket bucket;
  private final Backoff backoff;
  private final InstantSource clock;
  private final MeterRegistry meters;
  private final Semaphore wake = new Semaphore(0);
  private final Set<String> inHand = ConcurrentHashMap.newKeySet();
  private final ReadWriteLock claiming = new ReentrantReadWriteLock();
  private volatile Instant notBefore = Instant.MIN;
  private volatile int failures;
  private volatile boolean uncertain;
  private volatile boolean stopped;

  Sender(
      Recipient recipient,
      Deliveries deliveries,
      Leases leases,
      Backoff backoff,
      InstantSource clock,
      MeterRegistry meters) {
    this.recipient = recipient;
    this.strays = new Strays(recipient, deliveries);
    this.deliveries = deliveries;
    this.leases = leases;
    this.bucket = new Bucket(recipient.pace(), leases::nodes, clock);
    this.backoff = backoff;
    this.clock = clock;
    this.meters = meters;
  }

  Recipient recipient() {
    return recipient;
  }

  /// Says that there may be something to do.
  void wake() {
    if (wake.availablePermits() < recipient.atOnce()) {
      wake.release();
    }
  }

  /// Lets [#run] end after what it has in hand.
  void stop() {
    stopped = true;
    wake.release(recipient.atOnce());
  }

  /// Works until it is stopped, waking up every `sweep` in any case.
  void run(Duration sweep) {
    try {
      while (!stopped) {
        if (!step()) {
          var pause = pause(sweep);
          wake.tryAcquire((pause.isPositive() ? pause : TAKEN).toNanos(), TimeUnit.NANOSECONDS);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Does the most urgent delivery that is due.
  ///
  /// @return whether there was one
  boolean step() {
    if (clock.instant().isBefore(notBefore) || !bucket.isOpen() || !leases.isAlive()) {
      return false;
    }
    try {
      var tenure = leases.tenure();
      var delivery = claim();
      delivery.ifPresent(claimed -> bringUp(claimed, tenure));
      return delivery.isPresent();
    } catch (RuntimeException e) {
      uncertain = true;
      storeFailed(e);
      return false;
    }
  }

  private void storeFailed(RuntimeException e) {
    notBefore = clock.instant().plus(backoff.after(STORE_FAILURES));
    LOG.error(
        "store failed target={} because={} next=try again", recipient.target(), Backoff.reason(e));
  }

  private Optional<Delivery> claim() {
    if (uncertain) {
      release();
    }
    claiming.readLock().lock();
    try {
      var delivery = deliveries.claim(recipient.target(), clock.instant());
      delivery.ifPresent(claimed -> inHand.add(claimed.approval().id()));
      return delivery;
    } finally {
      claiming.readLock().unlock();
    }
  }

  /// After a failure of the store it is not known what was claimed.
  private void release() {
    claiming.writeLock().lock();
    try {
      uncertain = false;
      deliveries.release(recipient.target(), inHand);
    } finally {
      claiming.writeLock().unlock();
    }
  }

  /// Does nothing when others believe that this node is gone, or have believed so since it claimed
  /// the delivery, and may work on it.
  private void bringUp(Delivery delivery, long tenure) {
    var ours = leases.isAlive() && leases.tenure() == tenure;
    try {
      if (ours) {
        call(delivery);
      }
    } finally {
      inHand.remove(delivery.approval().id());
    }
    if (!ours) {
      uncertain = true;
    }
  }

  private void call(Delivery delivery) {
    try {
      bucket.take();
      worked(delivery, recipient.bringUp(delivery));
    } catch (RefusedException e) {
      gaveUp(delivery, Backoff.reason(e));
    } catch (StoppedException e) {
      recipient.contact().stopped(Backoff.reason(e), "tries again in " + Backoff.STOPPED);
      hold(delivery, Backoff.STOPPED, e);
    } catch (TryAgainException e) {
      recipient.contact().trouble(Backoff.reason(e), "tries again in " + e.delay());
      hold(delivery, e.delay(), e);
    } catch (Exception e) {
      var delay = backoff.after(Math.max(failures, delivery.attempts()));
      recipient.contact().trouble(Backoff.reason(e), "tries again in " + delay);
      hold(delivery, delay, e);
    }
  }

  /// What happened outside cannot be undone, so it is saved however long the store fails.
  private void save(Delivery delivery, Runnable work) {
    try {
      while (true) {
        try {
          work.run();
          return;
        } catch (RuntimeException e) {
          LOG.error(
              "not saved approval={} target={} because={} next=try again",
              delivery.approval().id(),
              recipient.target(),
              Backoff.reason(e));
          Thread.sleep(backoff.after(STORE_FAILURES));
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void worked(Delivery delivery, Result result) {
    failures = 0;
    save(
        delivery,
        () -> {
          if (!deliveries.worked(delivery, result)) {
            result.message().ifPresent(message -> strays.add(delivery, message));
          }
        });
    if (result.message().isPresent() && delivery.message().isEmpty()) {
      LOG.info("posted approval={} target={}", delivery.approval().id(), recipient.target());
    }
    count("done");
  }

  private void gaveUp(Delivery delivery, String why) {
    var result = recipient.refused(delivery, why);
    save(delivery, () -> deliveries.gaveUp(delivery, result, why));
    LOG.error(
        "gave up approval={} target={} because={}",
        delivery.approval().id(),
        recipient.target(),
        why);
    recipient.contact().trouble("gave up a message: " + why, "goes on with the others");
    count("gave up");
  }

  private void hold(Delivery delivery, Duration delay, Exception e) {
    failures++;
    var next = clock.instant().plus(delay);
    notBefore = next;
    save(delivery, () -> deliveries.failed(delivery, next, Backoff.reason(e)));
    count("failed");
  }

  private void count(String result) {
    meters
        .counter("approvalhub.deliveries", "target", recipient.target(), "result", result)
        .increment();
  }

  private Duration pause(Duration sweep) {
    if (!leases.isAlive()) {
      return OUT_OF_TOUCH;
    }
    var now = clock.instant();
    var next = latest(due(), notBefore, bucket.opens());
    return next.isBefore(now.plus(sweep)) ? Duration.between(now, next) : sweep;
  }

  private Instant due() {
    try {
      strays.update();
      return deliveries.nextDue(recipient.target()).orElse(Instant.MAX);
    } catch (RuntimeException e) {
      storeFailed(e);
      return notBefore;
    }
  }

  private static Instant latest(Instant a, Instant b, Instant c) {
    var later = a.isAfter(b) ? a : b;
    return later.isAfter(c) ? later : c;
  }
}
