package io.approvalhub.connection;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The threads that must run as long as the hub does. One that has ended makes the hub unready:
/// what it did, nobody does.
@Singleton
public final class Workers {

  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  Workers() {}

  /// Adds a thread, by whose name people will know it.
  public void add(Thread thread) {
    threads.add(thread);
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

  /// All that were added.
  public List<Thread> threads() {
    return List.copyOf(threads);
  }
}
