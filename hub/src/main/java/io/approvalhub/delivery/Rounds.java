package io.approvalhub.delivery;

import io.approvalhub.approval.Changes;
import io.approvalhub.approval.Desk;
import io.approvalhub.configuration.Configuration;
import io.approvalhub.connection.Workers;
import io.micronaut.context.annotation.Context;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads of the hub: one or more for each sender, one that expires what nobody decided, one
/// that forgets old arguments.
@Context
class Rounds implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
  private static final Duration SWEEP = Duration.ofSeconds(5);

  /// Before a look for what has expired because something changed, since much may change at once.
  private static final Duration BREATH = Duration.ofMillis(100);

  private static final Duration IN_HAND = Duration.ofSeconds(5);
  private static final Duration FORGETTING = Duration.ofHours(1);

  private final Courier courier;
  private final Desk desk;
  private final Workers workers;
  private final InstantSource clock;
  private final Duration retention;
  private final Semaphore changed = new Semaphore(0);
  private final List<Thread> senders = new CopyOnWriteArrayList<>();
  private final List<Thread> timers = new CopyOnWriteArrayList<>();

  Rounds(
      Configuration configuration,
      Courier courier,
      Desk desk,
      Changes changes,
      Workers workers,
      InstantSource clock) {
    this.courier = courier;
    this.desk = desk;
    this.workers = workers;
    this.clock = clock;
    retention = configuration.hub().duration("retention", Duration.ofDays(30));
    changes.listen(
        _ -> {
          if (changed.availablePermits() == 0) {
            changed.release();
          }
        });
  }

  /// Begins, once the hub can be called.
  @EventListener
  void start(ServerStartupEvent event) {
    for (var sender : courier.senders()) {
      for (var number = 0; number < sender.recipient().atOnce(); number++) {
        senders.add(start(sender.recipient().target(), () -> run(sender)));
      }
    }
    timers.add(start("expiry", this::expire));
    timers.add(start("retention", this::forget));
  }

  /// Finishes what is in hand.
  @Override
  @PreDestroy
  public void close() throws InterruptedException {
    courier.senders().forEach(Sender::stop);
    timers.forEach(Thread::interrupt);
    var end = System.nanoTime() + IN_HAND.toNanos();
    for (var thread : senders) {
      if (!thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
        thread.interrupt();
      }
    }
  }

  private Thread start(String name, Runnable work) {
    var thread = Thread.ofVirtual().name(name).start(work);
    workers.add(thread);
    return thread;
  }

  private static void run(Sender sender) {
    try {
      sender.run(SWEEP);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void expire() {
    try {
      while (true) {
        var pause = SWEEP;
        try {
          while (desk.expire() > 0) {
            // more may be due
          }
          pause = untilExpiry();
        } catch (RuntimeException e) {
          LOG.error("not expired because={} next=try again", e.getMessage());
        }
        if (changed.tryAcquire(pause.toMillis() + 1, TimeUnit.MILLISECONDS)) {
          Thread.sleep(BREATH);
        }
      }
    } catch (InterruptedException _) {
      // the hub stops
    }
  }

  private Duration untilExpiry() {
    var pause = Duration.between(clock.instant(), desk.nextExpiry().orElse(Instant.MAX));
    return pause.compareTo(SWEEP) < 0 ? pause : SWEEP;
  }

  private void forget() {
    try {
      while (true) {
        try {
          var forgotten = desk.forget(clock.instant().minus(retention));
          LOG.debug("forgot arguments of approvals={}", forgotten);
        } catch (RuntimeException e) {
          LOG.error("not forgotten because={} next=try again", e.getMessage());
        }
        Thread.sleep(FORGETTING);
      }
    } catch (InterruptedException _) {
      // the hub stops
    }
  }
}
