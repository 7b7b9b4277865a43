package io.approvalhub.node;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads that must run as long as the hub does. One that has ended makes the hub unready:
/// what it did, nobody does. It does not end by what fails: its work is begun anew.
@Singleton
public final class Workers {

  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LAST_WORK = Duration.ofSeconds(3);

  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  Workers() {}

  /// Runs `work` on a virtual thread until that is interrupted or the work returns.
  ///
  /// @param name by which people will know it
  public Thread start(String name, Work work) {
    return begin(Thread.ofVirtual().name(name).unstarted(() -> run(name, work)));
  }

  /// The same on a thread of its own, which keeps time also when the others are busy.
  public Thread startApart(String name, Work work) {
    return begin(Thread.ofPlatform().daemon().name(name).unstarted(() -> run(name, work)));
  }

  /// Interrupts threads, and waits for their end before what they need is closed: not for ever,
  /// since a platform may keep one.
  public static void end(Collection<Thread> threads) {
    threads.forEach(Thread::interrupt);
    for (var thread : threads) {
      try {
        thread.join(LAST_WORK);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /// The names of those that have ended.
  public List<String> dead() {
    return threads.stream()
        .filter(thread -> !thread.isAlive())
        .map(Thread::getName)
        .distinct()
        .sorted()
        .toList();
  }

  /// All that were started.
  public List<Thread> threads() {
    return List.copyOf(threads);
  }

  private Thread begin(Thread thread) {
    thread.start();
    threads.add(thread);
    return thread;
  }

  private static void run(String name, Work work) {
    try {
      while (!done(name, work)) {
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException _) {
      // its owner ends it
    }
  }

  private static boolean done(String name, Work work) throws InterruptedException {
    try {
      work.run();
      return true;
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      LOG.error("failed worker={} next=begins anew", name, e);
      return false;
    }
  }

  /// What a worker does.
  @FunctionalInterface
  public interface Work {

    /// Works until it is interrupted.
    void run() throws InterruptedException;
  }
}
