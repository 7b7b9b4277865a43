package io.approvalhub.agent.relay;

import io.approvalhub.agent.relay.Pipe.ClientGoneException;
import io.approvalhub.agent.relay.RelayedStream.Leftover;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/// Reads one of the answers of a [RelayedStream] and passes it on. Its frames do not mix with those
/// of another.
final class AnswerReader implements Cutter.Reader, AutoCloseable {

  private static final int CHUNK = 16 << 10;

  /// What a stream reads into that has little to say.
  private static final int SMALL = 2 << 10;

  private final RelayedStream stream;
  private final Leftover leftover;
  private final Cutter cutter;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  AnswerReader(RelayedStream stream, Leftover leftover) {
    this.stream = stream;
    this.leftover = leftover;
    cutter = stream.cutter(this);
  }

  void read(InputStream source) throws IOException {
    var chunk = new byte[SMALL];
    for (var count = source.read(chunk); count >= 0; count = source.read(chunk)) {
      cutter.feed(chunk, count);
      if (count == SMALL) {
        chunk = new byte[CHUNK];
      }
      // what has come already goes on together
      if (out.size() >= CHUNK || source.available() == 0) {
        flush();
      }
    }
    cutter.finish();
    flush();
  }

  @Override
  public void close() {
    cutter.close();
    if (stream.turn().isHeldByCurrentThread()) {
      stream.turn().unlock();
    }
  }

  @Override
  public boolean reads(String name) {
    return stream.finder().reads(name);
  }

  @Override
  public boolean passes(ServerSentEvent event) throws IOException {
    var calls = stream.finder().calls(event);
    if (!calls.isEmpty()) {
      flush();
    }
    stream.raise(calls);
    return stream.finder().passes(event);
  }

  @Override
  public boolean passesUnseen(String name) throws IOException {
    return stream.finder().passesUnseen(name);
  }

  /// What passes is not kept for long: a large event goes on while it comes.
  @Override
  public void pass(byte[] bytes, int at, int length) throws IOException {
    out.write(bytes, at, length);
    if (out.size() >= 4 * CHUNK) {
      flush();
    }
  }

  private void flush() throws IOException {
    if (out.size() == 0) {
      return;
    }
    if (!stream.turn().isHeldByCurrentThread()) {
      stream.turn().lock();
    }
    write(out.toByteArray());
    out.reset();
    if (cutter.isBetween()) {
      stream.turn().unlock();
    }
  }

  private void write(byte[] bytes) throws IOException {
    if (stream.pipe().isGone()) {
      leftover.take(bytes);
      return;
    }
    try {
      stream.pipe().write(bytes);
    } catch (ClientGoneException _) {
      leftover.take(bytes);
    }
  }
}
