package io.approvalhub.delivery;

import io.approvalhub.agent.NotToldException;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.ApprovalRecord.Resolution;
import io.approvalhub.approval.Delivery;
import io.approvalhub.connection.Backoff;
import io.approvalhub.database.StoreException;
import io.approvalhub.log.Lengths;
import io.approvalhub.plugin.RefusedException;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings one recipient up, delivery by delivery, at the recipient's pace; leaves it alone for a
/// while after a failure of its own. What fails by itself waits by itself.
final class Sender {

  private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

  /// How long to leave the store alone that failed, as Backoff counts.
  private static final int STORE_FAILURES = 1;

  /// What was due went to another thread or node.
  private static final Duration TAKEN = Duration.ofMillis(5);

  private static final Duration OUT_OF_TOUCH = Duration.ofMillis(500);

  /// How long what keeps failing is tried after the approval has expired, and after its decision
  /// when it never does.
  private static final Duration AFTER_EXPIRY = Duration.ofDays(1);

  private static final Duration AFTER_DECISION = Duration.ofDays(7);

  private final Recipient recipient;
  private final Services services;
  private final Bucket bucket;
  private final Semaphore wake = new Semaphore(0);
  private final Set<String> inHand = ConcurrentHashMap.newKeySet();
  private final AtomicInteger again = new AtomicInteger();
  private final ReadWriteLock claiming = new ReentrantReadWriteLock();
  private volatile Instant notBefore = Instant.MIN;
  private volatile int failures;
  private volatile boolean uncertain;
  private volatile boolean stopped;

  Sender(Recipient recipient, Services services) {
    this.recipient = recipient;
    this.services = services;
    this.bucket = new Bucket(recipient.pace(), services.leases()::nodes, services.clock());
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
  void run(Duration sweep) throws InterruptedException {
    while (!stopped) {
      if (!step()) {
        var pause = pause(sweep);
        wake.tryAcquire((pause.isPositive() ? pause : TAKEN).toNanos(), TimeUnit.NANOSECONDS);
      }
    }
  }

  /// Does the most urgent delivery that is due.
  ///
  /// @return whether there was one
  boolean step() {
    var leases = services.leases();
    if (now().isBefore(notBefore) || !bucket.isOpen() || !leases.isAlive()) {
      return false;
    }
    try {
      var tenure = leases.tenure();
      var delivery = claim();
      delivery.ifPresent(claimed -> bringUp(claimed, tenure));
      return delivery.isPresent();
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      uncertain = true;
      storeFailed(e);
      return false;
    }
  }

  private void storeFailed(Throwable e) {
    notBefore = now().plus(services.backoff().after(STORE_FAILURES));
    LOG.error(
        "store failed target={} because={} next=try again", recipient.target(), Backoff.reason(e));
  }

  private Optional<Delivery> claim() {
    if (uncertain) {
      release();
    }
    claiming.readLock().lock();
    try {
      var delivery = services.outbox().claim(recipient.target(), now(), triesAgain());
      delivery.ifPresent(claimed -> inHand.add(claimed.key()));
      return delivery;
    } finally {
      claiming.readLock().unlock();
    }
  }

  /// What failed before may fail slowly: it never takes all the calls that the recipient takes at
  /// once.
  private boolean triesAgain() {
    return recipient.atOnce() == 1 || again.get() < recipient.atOnce() / 2;
  }

  /// After a failure of the store it is not known what was claimed.
  private void release() {
    claiming.writeLock().lock();
    try {
      uncertain = false;
      services.outbox().release(recipient.target(), inHand);
    } finally {
      claiming.writeLock().unlock();
    }
  }

  /// Does nothing when others believe that this node is gone, or have believed so since it claimed
  /// the delivery, and may work on it.
  private void bringUp(Delivery delivery, long tenure) {
    var leases = services.leases();
    var ours = leases.isAlive() && leases.tenure() == tenure;
    var before = delivery.attempts() > 0 ? 1 : 0;
    again.addAndGet(before);
    try {
      if (ours) {
        call(delivery);
      }
    } finally {
      again.addAndGet(-before);
      inHand.remove(delivery.key());
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
    } catch (NotToldException e) {
      var pause = services.backoff().patiently(delivery.attempts());
      wait(delivery, e.delay().map(Backoff::limited).orElse(pause), Backoff.reason(e));
    } catch (StoppedException e) {
      recipient
          .contact()
          .stopped(Backoff.reason(e), "tries again in " + Lengths.text(Backoff.STOPPED));
      hold(delivery, Backoff.STOPPED, true, Backoff.reason(e));
    } catch (TryAgainException e) {
      var delay = Backoff.limited(e.delay());
      recipient.contact().trouble(Backoff.reason(e), "tries again in " + Lengths.text(delay));
      hold(delivery, delay, false, Backoff.reason(e));
    } catch (RuntimeException e) {
      threw(delivery, e);
    } catch (Exception e) {
      failed(delivery, Backoff.reason(e));
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (Error e) {
      gaveUp(delivery, e.toString());
    }
  }

  /// What nobody foresaw is the delivery's own, unless it was the store that failed.
  private void threw(Delivery delivery, RuntimeException e) {
    if (e instanceof StoreException) {
      failed(delivery, Backoff.reason(e));
    } else {
      LOG.error("unexpected target={}", recipient.target(), e);
      recipient.contact().trouble(e.toString(), "goes on with the others");
      wait(delivery, services.backoff().patiently(delivery.attempts()), e.toString());
    }
  }

  private void failed(Delivery delivery, String why) {
    var delay = services.backoff().after(Math.max(failures, delivery.attempts()));
    recipient.contact().trouble(why, "tries again in " + Lengths.text(delay));
    hold(delivery, delay, true, why);
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
          Thread.sleep(services.backoff().after(STORE_FAILURES));
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void worked(Delivery delivery, Result result) {
    var mended = failures > 0;
    failures = 0;
    save(
        delivery,
        () -> {
          if (!told(delivery, result)) {
            shown(delivery, result);
          }
          if (mended) {
            services.outbox().free(recipient.target());
          }
        });
    if (mended) {
      notBefore = Instant.MIN;
      wake();
    }
    if (result.message().isPresent() && delivery.message().isEmpty()) {
      LOG.info("posted approval={} target={}", delivery.approval().id(), recipient.target());
    }
    count("done");
  }

  /// @return whether that also saved that the agent knows it
  private boolean told(Delivery delivery, Result result) {
    var id = delivery.approval().id();
    return result
        .answer()
        .filter(answer -> services.desk().told(id, answer.delivered(), answer.detail()))
        .isPresent();
  }

  private void shown(Delivery delivery, Result result) {
    if (services.outbox().shown(delivery, result.message())) {
      LOG.warn(
          "posted twice approval={} target={} because=this node was out of touch",
          delivery.approval().id(),
          recipient.target());
    }
  }

  private void gaveUp(Delivery delivery, String why) {
    save(
        delivery,
        () -> {
          recipient.gaveUp(delivery, why);
          services.outbox().gaveUp(delivery, why);
        });
    LOG.error(
        "gave up approval={} target={} because={}",
        delivery.approval().id(),
        recipient.target(),
        why);
    recipient.contact().trouble("gave up a message: " + why, "goes on with the others");
    count("gave up");
  }

  /// Leaves the recipient alone for a while.
  private void hold(Delivery delivery, Duration delay, boolean held, String why) {
    failures++;
    notBefore = now().plus(delay);
    if (recipient.givesUp() && isOver(delivery.approval())) {
      gaveUp(delivery, why);
    } else {
      later(delivery, delay, held, why);
    }
  }

  /// Leaves the delivery alone for a while, and nothing else; gives it up some time after the
  /// approval has ended.
  private void wait(Delivery delivery, Duration delay, String why) {
    if (isOver(delivery.approval())) {
      gaveUp(delivery, why);
      return;
    }
    LOG.error(
        "failed approval={} target={} attempt={} because={} next=try again in {}",
        delivery.approval().id(),
        recipient.target(),
        delivery.attempts() + 1,
        why,
        delay);
    later(delivery, delay, false, why);
  }

  private void later(Delivery delivery, Duration delay, boolean held, String why) {
    var next = now().plus(delay);
    save(
        delivery,
        () -> {
          services.outbox().failed(delivery, next, held, why);
          recipient.troubled(delivery, why);
        });
    count("failed");
  }

  private boolean isOver(ApprovalRecord approval) {
    var decided = approval.resolution().map(Resolution::at);
    var expiry = approval.expiresAt();
    var end =
        expiry
            .filter(at -> decided.filter(at::isBefore).isEmpty())
            .map(at -> at.plus(AFTER_EXPIRY))
            .or(() -> decided.map(at -> at.plus(expiry.isEmpty() ? AFTER_DECISION : AFTER_EXPIRY)));
    return end.filter(now()::isAfter).isPresent();
  }

  private void count(String result) {
    Counter.builder("approvalhub.deliveries")
        .description("Messages sent or brought up to date, and what agents were told")
        .tag("target", recipient.target())
        .tag("result", result)
        .register(services.meters())
        .increment();
  }

  private Duration pause(Duration sweep) {
    if (!services.leases().isAlive()) {
      return OUT_OF_TOUCH;
    }
    var now = now();
    var next = latest(due(), notBefore, bucket.opens());
    return next.isBefore(now.plus(sweep)) ? Duration.between(now, next) : sweep;
  }

  private Instant due() {
    try {
      return services.outbox().nextDue(recipient.target(), triesAgain()).orElse(Instant.MAX);
    } catch (RuntimeException e) {
      storeFailed(e);
      return notBefore;
    }
  }

  private Instant now() {
    return services.clock().instant();
  }

  private static Instant latest(Instant a, Instant b, Instant c) {
    var later = a.isAfter(b) ? a : b;
    return later.isAfter(c) ? later : c;
  }
}
