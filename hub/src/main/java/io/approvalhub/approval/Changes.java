package io.approvalhub.approval;

import io.approvalhub.node.Signals;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Tells those who wait that an approval changed, once its commit is durable, whichever node made
/// it.
@Singleton
public final class Changes implements AutoCloseable {

  private static final String OF = "=";
  private static final String AND = ",";
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final Signals signals;
  private final List<Consumer<Optional<Set<String>>>> listeners = new CopyOnWriteArrayList<>();
  private final Map<String, List<Semaphore>> waiting = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Changes(Signals signals) {
    this.signals = signals;
    signals.listen(this::heard);
  }

  /// Runs `listener` after every change, on the thread that made it or heard of it, with the
  /// targets that are shown the approval if they are known: it must not wait.
  public void listen(Consumer<Optional<Set<String>>> listener) {
    listeners.add(listener);
  }

  /// Called after each commit of this node that changed an approval.
  public void changed(ApprovalRecord approval) {
    var targets = approval.targets();
    wake(approval.id());
    tell(Optional.of(targets));
    var word = approval.id() + OF + String.join(AND, targets);
    signals.changed(word.length() > Signals.LONGEST ? approval.id() + OF : word);
  }

  /// Reads an approval until it is `done`, again after each change, or until the time is over or
  /// the hub stops.
  ///
  /// @return as it was read last
  public <T> T await(String id, Duration atMost, Supplier<T> read, Predicate<T> done)
      throws InterruptedException {
    var end = System.nanoTime() + atMost.toNanos();
    var change = new Semaphore(0);
    add(id, change);
    try {
      while (true) {
        var now = read.get();
        var left = end - System.nanoTime();
        if (done.test(now) || left <= 0 || closed) {
          return now;
        }
        // what another node did may not be heard of
        change.tryAcquire(Math.min(left, LOOK.toNanos()), TimeUnit.NANOSECONDS);
        change.drainPermits();
      }
    } finally {
      remove(id, change);
    }
  }

  /// Answers those who wait with what is, before the store closes.
  @Override
  @PreDestroy
  public void close() {
    closed = true;
    waiting.keySet().forEach(this::wake);
  }

  /// @param changes each an id and its targets, unless those are too many to be told; none when
  ///     some may have been missed
  private void heard(Collection<String> changes) {
    if (changes.isEmpty()) {
      waiting.keySet().forEach(this::wake);
      tell(Optional.empty());
    }
    for (var change : changes) {
      var words = change.split(OF, 2);
      wake(words[0]);
      tell(words[1].isEmpty() ? Optional.empty() : Optional.of(Set.of(words[1].split(AND, -1))));
    }
  }

  private void tell(Optional<Set<String>> targets) {
    listeners.forEach(listener -> listener.accept(targets));
  }

  private void wake(String id) {
    waiting.getOrDefault(id, List.of()).forEach(Semaphore::release);
  }

  private void add(String id, Semaphore change) {
    waiting.compute(
        id,
        (_, changes) -> {
          var all = changes == null ? new CopyOnWriteArrayList<Semaphore>() : changes;
          all.add(change);
          return all;
        });
  }

  private void remove(String id, Semaphore change) {
    waiting.computeIfPresent(
        id,
        (_, changes) -> {
          changes.remove(change);
          return changes.isEmpty() ? null : changes;
        });
  }
}
