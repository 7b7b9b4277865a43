package io.approvalhub.agent.relay;

import io.micronaut.core.io.buffer.ReadBuffer;
import io.micronaut.core.io.buffer.ReadBufferFactory;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/// The way from threads that write to a client that reads as fast as it likes: a write waits until
/// the client's connection asks for more, so nothing piles up here.
///
/// Writers take turns among themselves.
final class Pipe {

  private static final int PLENTY = 1 << 20;

  private final Runnable begin;
  private final Runnable gone;
  private final Semaphore demand = new Semaphore(0);
  private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
  private final AtomicReference<Runnable> afterwards = new AtomicReference<>(() -> {});
  private volatile @Nullable Subscriber<? super ReadBuffer> subscriber;
  private volatile boolean isHeadFirst;

  /// @param begin called when the client is ready; must not wait
  /// @param gone called when the client has gone before the end; must not wait
  Pipe(Runnable begin, Runnable gone) {
    this.begin = begin;
    this.gone = gone;
  }

  /// Lets the answer's head go at once. The server sends it with the first bytes otherwise, and a
  /// stream may begin with an approval that waits.
  Pipe headFirst() {
    isHeadFirst = true;
    return this;
  }

  /// Connects the client.
  void subscribe(Subscriber<? super ReadBuffer> client) {
    subscriber = client;
    client.onSubscribe(new Demand(client));
    begin.run();
  }

  boolean isGone() {
    return state.get() == State.GONE;
  }

  /// Hands bytes to the client.
  ///
  /// @throws ClientGoneException when there is none any more
  void write(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      return;
    }
    try {
      demand.acquire();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The hub stops");
    }
    var client = subscriber;
    if (isGone() || client == null) {
      throw new ClientGoneException();
    }
    client.onNext(buffer(bytes));
  }

  /// Says what is to be done when the answer is over in whatever way; must not wait.
  void afterwards(Runnable last) {
    afterwards.set(last);
    if (state.get() != State.OPEN) {
      end();
    }
  }

  void complete() {
    var client = subscriber;
    if (state.compareAndSet(State.OPEN, State.DONE) && client != null) {
      client.onComplete();
    }
    end();
  }

  /// Breaks the answer off, so that the client does not take it for whole.
  void fail(Throwable e) {
    var client = subscriber;
    if (state.compareAndSet(State.OPEN, State.DONE) && client != null) {
      client.onError(e);
    }
    end();
  }

  /// Says that no client reads.
  void leave() {
    if (state.compareAndSet(State.OPEN, State.GONE)) {
      demand.release(PLENTY);
      gone.run();
      end();
    }
  }

  private static ReadBuffer buffer(byte[] bytes) {
    return ReadBufferFactory.getJdkFactory().adapt(bytes);
  }

  private void end() {
    afterwards.getAndSet(() -> {}).run();
  }

  private enum State {
    OPEN,
    DONE,
    GONE
  }

  private final class Demand implements Subscription {
    private final Subscriber<? super ReadBuffer> client;

    Demand(Subscriber<? super ReadBuffer> client) {
      this.client = client;
    }

    @Override
    public void request(long count) {
      var left = count;
      if (isHeadFirst) {
        isHeadFirst = false;
        client.onNext(buffer(new byte[0]));
        left--;
      }
      demand.release((int) Math.min(left, PLENTY));
    }

    @Override
    public void cancel() {
      leave();
    }
  }

  /// Nobody reads what is written.
  static final class ClientGoneException extends IOException {

    private static final long serialVersionUID = 1;

    ClientGoneException() {
      super("The client has gone");
    }
  }
}
