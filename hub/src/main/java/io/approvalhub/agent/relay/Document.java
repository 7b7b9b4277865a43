package io.approvalhub.agent.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// Shows an answer that is one document as a single event, once it is over.
final class Document implements Cutter {

  private final Reader reader;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();

  Document(Reader reader) {
    this.reader = reader;
  }

  @Override
  public void feed(byte[] bytes, int length) throws IOException {
    if (held.size() + length > Frames.LARGEST) {
      throw new IOException("a document is larger than " + Frames.LARGEST + " bytes");
    }
    held.write(bytes, 0, length);
  }

  @Override
  public void finish() throws IOException {
    if (reader.passes(new ServerSentEvent(ServerSentEvent.UNNAMED, held.toString(UTF_8)))) {
      reader.pass(held.toByteArray(), 0, held.size());
    }
  }

  @Override
  public boolean isBetween() {
    return true;
  }
}
