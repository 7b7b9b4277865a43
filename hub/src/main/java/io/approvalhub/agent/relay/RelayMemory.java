package io.approvalhub.agent.relay;

import io.approvalhub.configuration.Configuration;
import io.micronaut.context.annotation.Context;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The memory in which the relay holds what it must see whole: one budget for all bodies, events
/// and documents of all clients.
@Context
public final class RelayMemory {

  private static final int KILOBYTE = 1 << 10;
  private static final int MEGABYTE = 1 << 20;
  private static final int PATIENCE_SECONDS = 20;
  private static final int LEAST = 4;
  private static final int MOST = 1 << 20;

  private final int megabytes;
  private final Semaphore kilobytes;

  @Inject
  RelayMemory(Configuration configuration) {
    this(configuration.hub().number("relay-megabytes", quarterOfHeap(), LEAST, MOST));
  }

  RelayMemory(int megabytes) {
    this.megabytes = megabytes;
    kilobytes = new Semaphore(megabytes * KILOBYTE, true);
  }

  private static int quarterOfHeap() {
    var megabytes = Runtime.getRuntime().maxMemory() / MEGABYTE / 4;
    return (int) Math.clamp(megabytes, 16, 1024);
  }

  /// A part of the memory, empty at first.
  Share share() {
    return new Share();
  }

  /// Whether so many bytes could be held if nobody held anything else.
  boolean couldHold(long bytes) {
    return bytes <= (long) megabytes * MEGABYTE;
  }

  int megabytes() {
    return megabytes;
  }

  /// What one body, event or document holds.
  final class Share implements AutoCloseable {

    private int held;

    /// Takes room for bytes if there is any just now.
    ///
    /// @throws FullException when there is none
    void take(long bytes) throws FullException {
      var wanted = kilobytes(bytes);
      // past those who wait: they hold nothing, while this one is in the middle of something
      if (!kilobytes.tryAcquire(wanted)) {
        throw new FullException();
      }
      hold(wanted);
    }

    /// Takes room for bytes, and waits a while for others to give back theirs. Only who holds
    /// nothing yet may wait: otherwise all could wait for each other.
    ///
    /// @throws FullException when nobody does
    void await(long bytes) throws FullException {
      if (!couldHold(bytes) || !awaited(kilobytes(bytes))) {
        throw new FullException();
      }
    }

    /// Gives everything back.
    @Override
    public synchronized void close() {
      kilobytes.release(held);
      held = 0;
    }

    private boolean awaited(int wanted) {
      try {
        var taken = kilobytes.tryAcquire(wanted, PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (taken) {
          hold(wanted);
        }
        return taken;
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    private synchronized void hold(int more) {
      held += more;
    }

    private static int kilobytes(long bytes) {
      return Math.toIntExact((bytes + KILOBYTE - 1) / KILOBYTE);
    }
  }

  /// The relay holds as much as it may.
  static final class FullException extends IOException {

    private static final long serialVersionUID = 1;

    FullException() {
      super("the relay holds as much as it may");
    }
  }
}
