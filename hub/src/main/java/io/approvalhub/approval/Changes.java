package io.approvalhub.approval;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Tells those who wait that an approval changed, once its commit is durable.
@Singleton
public final class Changes {

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Map<String, List<CountDownLatch>> waiting = new ConcurrentHashMap<>();

  /// Runs `listener` after every change, on the thread that made it: it must not wait.
  public void listen(Runnable listener) {
    listeners.add(listener);
  }

  /// Called after each commit that changed the approval of this id.
  public void changed(String id) {
    waiting.getOrDefault(id, List.of()).forEach(CountDownLatch::countDown);
    listeners.forEach(Runnable::run);
  }

  /// Waits until `done`, asked again after each change of the approval, or until the time is over.
  void await(String id, Duration atMost, BooleanSupplier done) throws InterruptedException {
    var end = System.nanoTime() + atMost.toNanos();
    while (true) {
      var latch = new CountDownLatch(1);
      add(id, latch);
      try {
        if (done.getAsBoolean() || !latch.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          return;
        }
      } finally {
        remove(id, latch);
      }
    }
  }

  private void add(String id, CountDownLatch latch) {
    waiting.compute(
        id,
        (_, latches) -> {
          var all = latches == null ? new CopyOnWriteArrayList<CountDownLatch>() : latches;
          all.add(latch);
          return all;
        });
  }

  private void remove(String id, CountDownLatch latch) {
    waiting.computeIfPresent(
        id,
        (_, latches) -> {
          latches.remove(latch);
          return latches.isEmpty() ? null : latches;
        });
  }
}
