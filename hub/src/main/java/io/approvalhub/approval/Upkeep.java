package io.approvalhub.approval;

import io.approvalhub.configuration.Configuration;
import io.approvalhub.node.Workers;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.runtime.event.annotation.EventListener;
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

/// The threads of the desk: one for timers, one that forgets old arguments.
@Context
class Upkeep implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final Duration SWEEP = Duration.ofSeconds(5);

  /// Before a look for what is due because something changed, since much may change at once.
  private static final Duration BREATH = Duration.ofMillis(100);

  private static final Duration FORGETTING = Duration.ofHours(1);

  private final Desk desk;
  private final Workers workers;
  private final InstantSource clock;
  private final Duration retention;
  private final Semaphore changed = new Semaphore(0);
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  Upkeep(
      Configuration configuration,
      Desk desk,
      Changes changes,
      Workers workers,
      InstantSource clock) {
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

  /// Begins.
  @EventListener
  void start(StartupEvent event) {
    threads.add(workers.start("timers", this::keepTime));
    threads.add(workers.start("retention", this::forget));
  }

  @Override
  @PreDestroy
  public void close() {
    closed = true;
    Workers.end(threads);
  }

  private void keepTime() throws InterruptedException {
    while (true) {
      var pause = SWEEP;
      try {
        desk.turn();
        pause = untilDue();
      } catch (RuntimeException e) {
        complain("timers not done because={} next=try again", e);
      }
      if (changed.tryAcquire(Math.max(0, pause.toMillis()) + 1, TimeUnit.MILLISECONDS)) {
        Thread.sleep(BREATH);
      }
    }
  }

  private Duration untilDue() {
    var pause = Duration.between(clock.instant(), desk.nextTimer().orElse(Instant.MAX));
    return pause.compareTo(SWEEP) < 0 ? pause : SWEEP;
  }

  private void forget() throws InterruptedException {
    while (true) {
      try {
        var forgotten = desk.forget(clock.instant().minus(retention));
        LOG.debug("forgot arguments of approvals={}", forgotten);
      } catch (RuntimeException e) {
        complain("not forgotten because={} next=try again", e);
      }
      Thread.sleep(FORGETTING);
    }
  }

  /// Work that the hub's end interrupted is done when it starts again.
  private void complain(String what, RuntimeException e) {
    if (!closed) {
      LOG.error(what, e.getMessage());
    }
  }
}
