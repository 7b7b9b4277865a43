package io.approvalhub.delivery;

import io.approvalhub.connection.Backoff;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.RefusedException;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings one recipient up, delivery by delivery, at the recipient's pace; leaves it alone for a
/// while after a failure.
final class Sender {

  private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

  private final Recipient recipient;
  private final Deliveries deliveries;
  private final Bucket bucket;
  private final Backoff backoff;
  private final InstantSource clock;
  private final MeterRegistry meters;
  private final Semaphore wake = new Semaphore(0);
  private volatile Instant notBefore = Instant.MIN;
  private volatile int failures;
  private volatile boolean stopped;

  Sender(
      Recipient recipient,
      Deliveries deliveries,
      Backoff backoff,
      InstantSource clock,
      MeterRegistry meters) {
    this.recipient = recipient;
    this.deliveries = deliveries;
    this.bucket = new Bucket(recipient.pace(), clock);
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
        var pause = step() ? Duration.ZERO : pause(sweep);
        if (pause.isPositive()) {
          wake.tryAcquire(pause.toMillis() + 1, TimeUnit.MILLISECONDS);
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
    if (clock.instant().isBefore(notBefore) || !bucket.isOpen()) {
      return false;
    }
    try {
      var delivery = deliveries.claim(recipient.target(), clock.instant());
      delivery.ifPresent(this::bringUp);
      return delivery.isPresent();
    } catch (RuntimeException e) {
      LOG.error(
          "store failed target={} because={} next=try again",
          recipient.target(),
          Backoff.reason(e));
      notBefore = clock.instant().plus(backoff.after(failures++));
      return false;
    }
  }

  private void bringUp(Delivery delivery) {
    try {
      bucket.take();
      var message = recipient.bringUp(delivery);
      deliveries.shown(delivery, message);
      worked(delivery, message);
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

  private void worked(Delivery delivery, Optional<MessageRef> message) {
    failures = 0;
    if (message.isPresent() && delivery.message().isEmpty()) {
      LOG.info("posted approval={} target={}", delivery.approval().id(), recipient.target());
    }
    count("done");
  }

  private void gaveUp(Delivery delivery, String why) {
    deliveries.gaveUp(delivery, why);
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
    deliveries.failed(delivery, next, Backoff.reason(e));
    notBefore = next;
    count("failed");
  }

  private void count(String result) {
    meters
        .counter("approvalhub.deliveries", "target", recipient.target(), "result", result)
        .increment();
  }

  private Duration pause(Duration sweep) {
    var now = clock.instant();
    var due = deliveries.nextDue(recipient.target()).orElse(Instant.MAX);
    var next = latest(due, notBefore, bucket.opens());
    return next.isBefore(now.plus(sweep)) ? Duration.between(now, next) : sweep;
  }

  private static Instant latest(Instant a, Instant b, Instant c) {
    var later = a.isAfter(b) ? a : b;
    return later.isAfter(c) ? later : c;
  }
}
