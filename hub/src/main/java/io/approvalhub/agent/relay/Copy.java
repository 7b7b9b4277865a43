package io.approvalhub.agent.relay;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// An answer that goes to the client as it is.
final class Copy {

  private static final int CHUNK = 16 << 10;

  private final InputStream source;
  private final Pipe pipe = new Pipe(this::begin, this::gone);

  Copy(InputStream source) {
    this.source = source;
  }

  Pipe pipe() {
    return pipe;
  }

  static void close(InputStream source) {
    try {
      source.close();
    } catch (IOException _) {
      // it is of no use any more
    }
  }

  private void begin() {
    Thread.ofVirtual().start(this::copy);
  }

  /// Called on a thread of the server.
  private void gone() {
    Thread.ofVirtual().start(() -> close(source));
  }

  private void copy() {
    try (source) {
      var chunk = new byte[CHUNK];
      for (var count = source.read(chunk); count >= 0; count = source.read(chunk)) {
        pipe.write(Arrays.copyOf(chunk, count));
      }
      pipe.complete();
    } catch (Throwable e) {
      // an Error too fails the client, which would wait for ever otherwise
      pipe.fail(e);
    }
  }
}
