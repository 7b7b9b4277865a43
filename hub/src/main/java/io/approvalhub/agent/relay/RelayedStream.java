package io.approvalhub.agent.relay;

import static io.approvalhub.agent.relay.ApprovalLifetime.ENDS_WITH_STREAM;
import static io.approvalhub.agent.relay.ApprovalLifetime.KEEPS_STREAM_OPEN;

import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.relay.Pipe.ClientGoneException;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.connection.Backoff;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an agent answers on its way to a client, with the approvals that are found in it.
///
/// The client's answer has parts: the agent's first answer and, where the agent goes on in the
/// answer to the decide call, each approval until it is decided and each continuation. It is over
/// with its last part. When the client goes, or the agent's only answer ends, what still waits is
/// cancelled, unless it waits whether or not anybody reads: its [ApprovalLifetime] says so.
/// Whatever fails, an Error too, fails the client's answer.
public final class RelayedStream {

  private static final Logger LOG = LoggerFactory.getLogger(RelayedStream.class);

  private final Origin origin;
  private final InputStream first;
  private final BiFunction<Cutter.Reader, RelayMemory, Cutter> cut;
  private final Pipe pipe = new Pipe(this::begin, this::gone);
  private final ReentrantLock turn = new ReentrantLock();
  private final StreamApprovals approvals;
  private final AtomicInteger parts = new AtomicInteger(1);

  /// @param first the agent's first answer
  /// @param cut how its answers are cut
  private RelayedStream(
      Origin origin, InputStream first, BiFunction<Cutter.Reader, RelayMemory, Cutter> cut) {
    this.origin = origin;
    this.first = first;
    this.cut = cut;
    approvals = new StreamApprovals(origin, pipe::isGone);
  }

  /// A stream of events.
  static RelayedStream ofEvents(Origin origin, InputStream first) {
    return new RelayedStream(origin, first, Frames::new);
  }

  /// An answer that is one document.
  static RelayedStream ofDocument(Origin origin, InputStream first) {
    return new RelayedStream(origin, first, Document::new);
  }

  /// A stream whose client went before.
  static RelayedStream withoutClient(Origin origin) {
    var stream = ofEvents(origin, InputStream.nullInputStream());
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
  void told() {
    if (lifetime() == KEEPS_STREAM_OPEN) {
      end();
    }
  }

  /// Reads, on this thread and to its end, how the agent goes on after a decision.
  ///
  /// @param leftover takes what the client is no longer there for
  void continueWith(InputStream continuation, Leftover leftover) {
    parts.incrementAndGet();
    try {
      read(continuation, leftover);
      raise(origin.finder().rest());
      end();
    } catch (Throwable e) {
      broken(e);
    }
  }

  /// Raises tool calls found in this stream.
  void raise(List<ToolCall> calls) {
    if (lifetime() == KEEPS_STREAM_OPEN) {
      parts.addAndGet(calls.size());
      calls.forEach(call -> origin.streams().put(call, this));
    }
    try {
      approvals.raise(calls);
    } catch (Throwable e) {
      calls.forEach(origin.streams()::take);
      throw e;
    }
  }

  private ApprovalLifetime lifetime() {
    return origin.finder().lifetime();
  }

  private void begin() {
    Thread.ofVirtual().name("relay:" + origin.hub().name()).start(this::readFirst);
  }

  private void readFirst() {
    try {
      read(
          first,
          _ -> {
            throw new ClientGoneException();
          });
      raise(origin.finder().rest());
      if (lifetime() == ENDS_WITH_STREAM) {
        approvals.cancelAll("the agent's stream ended");
      }
      end();
    } catch (ClientGoneException _) {
      approvals.cancelAll("the client has gone");
    } catch (Throwable e) {
      broken(e);
    }
  }

  private void broken(Throwable e) {
    var why = e instanceof Exception exception ? Backoff.reason(exception) : String.valueOf(e);
    try {
      LOG.warn("stream broke off agent={} because={}", origin.hub().name(), why);
      origin.hub().contact().trouble(why, "breaks the client's stream off");
    } finally {
      // whoever is told so can ask why
      pipe.fail(e);
    }
    approvals.cancelAll("the agent's stream broke off");
  }

  private void read(InputStream source, Leftover leftover) throws IOException {
    try (source;
        var reader = new AnswerReader(this, leftover)) {
      reader.read(source);
    } catch (IOException e) {
      throw pipe.isGone() ? new ClientGoneException() : e;
    }
  }

  /// Called on a thread of the server.
  private void gone() {
    origin.streams().left();
    Thread.ofVirtual()
        .start(
            () -> {
              Copy.close(first);
              approvals.cancelAll("the client has gone");
            });
  }

  private void end() {
    if (parts.decrementAndGet() == 0) {
      pipe.complete();
    }
  }

  ApprovalFinder finder() {
    return origin.finder();
  }

  Cutter cutter(Cutter.Reader reader) {
    return cut.apply(reader, origin.memory());
  }

  /// Whoever holds it may write; the frames of answers do not mix.
  ReentrantLock turn() {
    return turn;
  }

  /// Where a stream comes from.
  ///
  /// @param finder looks at its events
  /// @param streams those that are open on this node
  record Origin(AgentHub hub, ApprovalFinder finder, OpenStreams streams, RelayMemory memory) {}

  /// Takes what nobody reads any more.
  @FunctionalInterface
  interface Leftover {
    void take(byte[] bytes) throws IOException;
  }
}
