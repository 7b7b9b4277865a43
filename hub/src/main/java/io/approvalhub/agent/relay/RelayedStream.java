package io.approvalhub.agent.relay;

import static io.approvalhub.agent.relay.Bond.ENDS_WITH_STREAM;
import static io.approvalhub.agent.relay.Bond.KEEPS_STREAM_OPEN;
import static io.approvalhub.agent.relay.Bond.NONE;

import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.relay.Pipe.ClientGoneException;
import io.approvalhub.approval.RaiseResult;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.connection.Backoff;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an agent answers on its way to a client, with the approvals that are found in it.
///
/// The client's answer has parts: the agent's first answer and, where the agent goes on in the
/// answer to the decide call, each approval until it is decided and each continuation. It is over
/// with its last part. When the client goes, or the agent's only answer ends, what still waits is
/// cancelled, unless it waits whether or not anybody reads: its [Bond] says so.
public final class RelayedStream {

  private static final Logger LOG = LoggerFactory.getLogger(RelayedStream.class);
  private static final int CHUNK = 16 << 10;

  private final AgentHub hub;
  private final Watch watch;
  private final OpenStreams streams;
  private final InputStream first;
  private final Function<Cutter.Reader, Cutter> cut;
  private final Pipe pipe = new Pipe(this::begin, this::gone);
  private final ReentrantLock turn = new ReentrantLock();
  private final Set<String> approvals = ConcurrentHashMap.newKeySet();
  private final AtomicInteger parts = new AtomicInteger(1);

  /// @param first the agent's first answer
  /// @param cut how its answers are cut
  private RelayedStream(
      AgentHub hub,
      Watch watch,
      OpenStreams streams,
      InputStream first,
      Function<Cutter.Reader, Cutter> cut) {
    this.hub = hub;
    this.watch = watch;
    this.streams = streams;
    this.first = first;
    this.cut = cut;
  }

  /// A stream of events.
  static RelayedStream ofEvents(AgentHub hub, Watch watch, OpenStreams streams, InputStream first) {
    return new RelayedStream(hub, watch, streams, first, Frames::new);
  }

  /// An answer that is one document.
  static RelayedStream ofDocument(
      AgentHub hub, Watch watch, OpenStreams streams, InputStream first) {
    return new RelayedStream(hub, watch, streams, first, Document::new);
  }

  /// A stream whose client went before.
  public static RelayedStream withoutClient(AgentHub hub, Watch watch, OpenStreams streams) {
    var stream = ofEvents(hub, watch, streams, InputStream.nullInputStream());
    stream.pipe.leave();
    return stream;
  }

  /// Closes an answer that nobody needs.
  public static void discard(InputStream answer) {
    Copy.close(answer);
  }

  Pipe pipe() {
    return pipe;
  }

  /// Says that an approval of this stream has been decided and the agent told.
  public void told() {
    if (watch.bond() == KEEPS_STREAM_OPEN) {
      end();
    }
  }

  /// Reads, on this thread and to its end, how the agent goes on after a decision.
  ///
  /// @param leftover takes what the client is no longer there for
  public void continueWith(InputStream continuation, Leftover leftover) {
    parts.incrementAndGet();
    try {
      read(continuation, leftover);
      raise(watch.rest());
      end();
    } catch (IOException | RuntimeException e) {
      broken(e);
    }
  }

  private void begin() {
    Thread.ofVirtual().name("relay:" + hub.name()).start(this::readFirst);
  }

  private void readFirst() {
    try {
      read(
          first,
          _ -> {
            throw new ClientGoneException();
          });
      raise(watch.rest());
      if (watch.bond() == ENDS_WITH_STREAM) {
        cancelAll("the agent's stream ended");
      }
      end();
    } catch (ClientGoneException _) {
      cancelAll("the client has gone");
    } catch (IOException | RuntimeException e) {
      broken(e);
    }
  }

  private void broken(Exception e) {
    LOG.warn("stream broke off agent={} because={}", hub.name(), Backoff.reason(e));
    pipe.fail(e);
    cancelAll("the agent's stream broke off");
  }

  private void read(InputStream source, Leftover leftover) throws IOException {
    try (source) {
      new Source(leftover).read(source);
    } catch (IOException e) {
      throw pipe.isGone() ? new ClientGoneException() : e;
    }
  }

  /// Called on a thread of the server.
  private void gone() {
    streams.left();
    Thread.ofVirtual()
        .start(
            () -> {
              Copy.close(first);
              cancelAll("the client has gone");
            });
  }

  private void end() {
    if (parts.decrementAndGet() == 0) {
      pipe.complete();
    }
  }

  private void raise(List<ToolCall> calls) {
    if (calls.isEmpty()) {
      return;
    }
    if (watch.bond() == KEEPS_STREAM_OPEN) {
      parts.addAndGet(calls.size());
      calls.forEach(call -> streams.put(call, this));
    }
    hub.raise(calls).forEach(this::raised);
  }

  private void raised(RaiseResult raised) {
    var approval = raised.approval();
    if (!approval.pending()) {
      // unless the agent is being told just now, which ends the part as well
      streams.take(approval.call()).ifPresent(RelayedStream::told);
    } else if (raised instanceof RaiseResult.Conflict conflict && !conflict.isDescription()) {
      // what was shown is no longer what is asked, so nobody may approve it
      cancel(approval.id(), "asked again with other content");
    } else if (watch.bond() != NONE) {
      waits(approval.id());
    }
  }

  private void waits(String approval) {
    approvals.add(approval);
    if (pipe.isGone()) {
      cancelAll("the client has gone");
    }
  }

  private void cancelAll(String why) {
    approvals.forEach(approval -> cancel(approval, why));
  }

  /// Cancels an approval, however often that takes: nobody else knows that it has to be.
  private void cancel(String approval, String why) {
    for (var failures = 0; ; failures++) {
      try {
        hub.cancel(approval, why);
        return;
      } catch (RuntimeException e) {
        if (failures == 0) {
          LOG.warn(
              "not cancelled approval={} because={} next=again and again, or at the next start",
              approval,
              Backoff.reason(e));
        }
        if (!streams.pause()) {
          return;
        }
      }
    }
  }

  /// Capabilities what nobody reads any more.
  @FunctionalInterface
  public interface Leftover {
    void take(byte[] bytes) throws IOException;
  }

  /// One of the agent's answers. Its frames do not mix with those of another.
  private final class Source implements Cutter.Reader {

    private final Leftover leftover;
    private final Cutter cutter = cut.apply(this);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Source(Leftover leftover) {
      this.leftover = leftover;
    }

    void read(InputStream source) throws IOException {
      try {
        var chunk = new byte[CHUNK];
        for (var count = source.read(chunk); count >= 0; count = source.read(chunk)) {
          cutter.feed(chunk, count);
          // what has come already goes on together
          if (out.size() >= CHUNK || source.available() == 0) {
            flush();
          }
        }
        cutter.finish();
        flush();
      } finally {
        if (turn.isHeldByCurrentThread()) {
          turn.unlock();
        }
      }
    }

    @Override
    public boolean reads(String name) {
      return watch.reads(name);
    }

    @Override
    public boolean passes(ServerSentEvent event) throws IOException {
      var calls = watch.calls(event);
      if (!calls.isEmpty()) {
        flush();
      }
      raise(calls);
      return watch.passes(event);
    }

    @Override
    public void pass(byte[] bytes, int at, int length) {
      out.write(bytes, at, length);
    }

    private void flush() throws IOException {
      if (out.size() == 0) {
        return;
      }
      if (!turn.isHeldByCurrentThread()) {
        turn.lock();
      }
      write(out.toByteArray());
      out.reset();
      if (cutter.isBetween()) {
        turn.unlock();
      }
    }

    private void write(byte[] bytes) throws IOException {
      if (pipe.isGone()) {
        leftover.take(bytes);
        return;
      }
      try {
        pipe.write(bytes);
      } catch (ClientGoneException _) {
        leftover.take(bytes);
      }
    }
  }
}
