package io.approvalhub.agent.relay;

import io.approvalhub.approval.ToolCall;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The streams of this node in which an approval was found that the agent has not been told about.
@Singleton
public final class OpenStreams implements AutoCloseable {

  private static final int PAUSE_MILLIS = 500;

  private final Map<String, RelayedStream> streams = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Counter left;

  OpenStreams(MeterRegistry meters) {
    left =
        Counter.builder("approvalhub.relay.left")
            .description("Streams whose client went before their end")
            .register(meters);
  }

  /// Counts a client that went before the end of its stream.
  void left() {
    left.increment();
  }

  void put(ToolCall call, RelayedStream stream) {
    streams.put(name(call), stream);
  }

  /// Takes the stream in which a call was found out of the list.
  public Optional<RelayedStream> take(ToolCall call) {
    return Optional.ofNullable(streams.remove(name(call)));
  }

  /// Waits a little before something is tried again.
  ///
  /// @return false when the hub stops
  boolean pause() {
    try {
      return !closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  @PreDestroy
  public void close() {
    closed.countDown();
  }

  private static String name(ToolCall call) {
    return call.agent() + " " + call.key();
  }
}
