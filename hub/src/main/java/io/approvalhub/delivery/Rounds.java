package io.approvalhub.delivery;

import io.approvalhub.node.Workers;
import io.micronaut.context.annotation.Context;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The threads of the courier: one or more for each sender.
@Context
class Rounds implements AutoCloseable {

  private static final Duration SWEEP = Duration.ofSeconds(5);
  private static final Duration IN_HAND = Duration.ofSeconds(5);

  private final Courier courier;
  private final Workers workers;
  private final List<Thread> senders = new CopyOnWriteArrayList<>();

  Rounds(Courier courier, Workers workers) {
    this.courier = courier;
    this.workers = workers;
  }

  /// Begins, once the hub can be called.
  @EventListener
  void start(ServerStartupEvent event) {
    for (var sender : courier.senders()) {
      for (var number = 0; number < sender.recipient().atOnce(); number++) {
        senders.add(workers.start(sender.recipient().target(), () -> sender.run(SWEEP)));
      }
    }
  }

  /// Finishes what is in hand.
  @Override
  @PreDestroy
  public void close() throws InterruptedException {
    courier.senders().forEach(Sender::stop);
    var end = System.nanoTime() + IN_HAND.toNanos();
    for (var thread : senders) {
      if (!thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
        thread.interrupt();
      }
    }
  }
}
