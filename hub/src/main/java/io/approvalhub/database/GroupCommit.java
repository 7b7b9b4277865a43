package io.approvalhub.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;

/// The only writer of SQLite: what comes while a commit is made durable goes into the next one
/// together, so that many writers wait for few commits.
final class GroupCommit implements AutoCloseable {

  private static final int MOST = 64;

  private final Jdbi jdbi;
  private final BlockingQueue<Work<?>> waiting = new LinkedBlockingQueue<>();
  private final Thread writer;
  private volatile boolean ended;

  GroupCommit(Jdbi jdbi) {
    this.jdbi = jdbi;
    writer = Thread.ofPlatform().daemon().name("writer").start(this::run);
  }

  /// Runs `work` on the writer's thread, perhaps twice: it must do nothing but work on its handle.
  ///
  /// @return once that is durable
  /// @throws StoreException when there is no writer any more
  <R> R write(HandleCallback<R, RuntimeException> work) {
    var writing = new Work<>(work);
    waiting.add(writing);
    if (ended) {
      fail();
    }
    return writing.result();
  }

  @Override
  public void close() {
    writer.interrupt();
    try {
      writer.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    fail();
  }

  private void run() {
    var together = new ArrayList<Work<?>>();
    try {
      while (true) {
        together.add(waiting.take());
        waiting.drainTo(together, MOST - 1);
        commit(together);
        together.clear();
      }
    } catch (InterruptedException _) {
      // the hub stops
    } finally {
      ended = true;
      together.forEach(work -> work.failed(StoreException.closed()));
      fail();
    }
  }

  /// One that fails takes the others back with it, so each is tried by itself then. An Error is its
  /// caller's alone too.
  private void commit(List<Work<?>> together) {
    try {
      jdbi.useTransaction(handle -> together.forEach(work -> work.run(handle)));
      together.forEach(Work::done);
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      if (together.size() == 1) {
        together.getFirst().failed(e);
      } else {
        together.forEach(work -> commit(List.of(work)));
      }
    }
  }

  /// Nobody waits for what nobody writes.
  private void fail() {
    for (var work = waiting.poll(); work != null; work = waiting.poll()) {
      work.failed(StoreException.closed());
    }
  }

  private static final class Work<R> {
    private final HandleCallback<R, RuntimeException> callback;
    private final CompletableFuture<R> result = new CompletableFuture<>();
    private Optional<Runnable> completion = Optional.empty();

    private Work(HandleCallback<R, RuntimeException> callback) {
      this.callback = callback;
    }

    void run(Handle handle) {
      var returned = callback.withHandle(handle);
      completion = Optional.of(() -> result.complete(returned));
    }

    void done() {
      completion.orElseThrow().run();
    }

    void failed(Throwable why) {
      result.completeExceptionally(why);
    }

    R result() {
      try {
        return result.join();
      } catch (CompletionException e) {
        throw switch (e.getCause()) {
          case RuntimeException why -> why;
          case Throwable why -> StoreException.of(why);
          case null -> e;
        };
      }
    }
  }
}
