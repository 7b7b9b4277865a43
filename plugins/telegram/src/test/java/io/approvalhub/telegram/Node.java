package io.approvalhub.telegram;

import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.Connection;
import io.approvalhub.plugin.Decision;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.Outcome;
import io.approvalhub.plugin.Reader;
import io.approvalhub.plugin.Settings;
import io.approvalhub.testkit.FakeHub;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// One process of a hub whose store outlives it. It runs its connection once, and can die.
final class Node implements Hub, NotificationPlugin, AutoCloseable {

  private final FakeHub store;
  private final Predicate<String> fatal;
  private final CompletableFuture<Throwable> end = new CompletableFuture<>();
  private volatile Thread thread = new Thread();

  private Node(FakeHub store, Predicate<String> fatal) {
    this.store = store;
    this.fatal = fatal;
  }

  /// A node that posts what the store shows.
  static Node start(FakeHub store, Map<String, Object> settings) {
    return start(store, settings, _ -> false);
  }

  /// The same, but it dies of saving a key that is `fatal`.
  static Node start(FakeHub store, Map<String, Object> settings, Predicate<String> fatal) {
    var node = new Node(store, fatal);
    store.open(node, settings);
    return node;
  }

  @Override
  public String name() {
    return "telegram";
  }

  @Override
  public Channel open(Settings settings, Hub hub) {
    return new TelegramPlugin().open(settings, this);
  }

  boolean ended() {
    return end.isDone();
  }

  /// How the connection ended.
  Throwable end() {
    return end.orTimeout(10, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      if (!thread.join(Duration.ofSeconds(2))) {
        throw new AssertionError("the connection did not end when it was interrupted");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void connect(String name, Connection connection) {
    thread =
        Thread.startVirtualThread(
            () -> {
              try {
                connection.run();
              } catch (Exception e) {
                end.complete(e);
              }
            });
  }

  @Override
  public void save(String key, String value) {
    if (fatal.test(key)) {
      throw new IllegalStateException("killed before " + key + " was saved");
    }
    store.save(key, value);
  }

  @Override
  public URI address() {
    return store.address();
  }

  @Override
  public Reader reader() {
    return store.reader();
  }

  @Override
  public InstantSource clock() {
    return store.clock();
  }

  @Override
  public Outcome decide(Decision decision) {
    return store.decide(decision);
  }

  @Override
  public Optional<Approval> find(MessageRef message) {
    return store.find(message);
  }

  @Override
  public Optional<Approval> find(String id) {
    return store.find(id);
  }

  @Override
  public void lost(MessageRef message, String why) {
    store.lost(message, why);
  }

  @Override
  public Optional<String> saved(String key) {
    return store.saved(key);
  }

  @Override
  public void later(Work work) {
    store.later(work);
  }

  @Override
  public void contact() {
    store.contact();
  }

  @Override
  public void trouble(String what) {
    store.trouble(what);
  }
}
