package io.approvalhub.agent.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.approvalhub.agent.relay.RelayMemory.FullException;
import java.io.IOException;

/// Shows an answer that is one document as a single event, once it is over. One that is too large
/// for that is passed or not as a whole, as it comes.
final class Document implements Cutter {

  private final Reader reader;
  private final RelayMemory.Share share;
  private final Blocks held;
  private Way way = Way.HOLDING;

  Document(Reader reader, RelayMemory memory) {
    this.reader = reader;
    share = memory.share();
    held = new Blocks(share);
  }

  @Override
  public void feed(byte[] bytes, int length) throws IOException {
    if (way == Way.HOLDING && !isHeld(bytes, length)) {
      way = reader.passesUnseen(ServerSentEvent.UNNAMED) ? Way.PASSING : Way.DROPPING;
      letGo();
    }
    if (way == Way.PASSING) {
      reader.pass(bytes, 0, length);
    }
  }

  @Override
  public void finish() throws IOException {
    if (way == Way.HOLDING) {
      way = passes() ? Way.PASSING : Way.DROPPING;
      letGo();
    }
  }

  private boolean passes() throws IOException {
    try {
      share.take(held.size() * Blocks.AS_TEXT);
    } catch (FullException _) {
      return reader.passesUnseen(ServerSentEvent.UNNAMED);
    }
    var text = new String(held.stream(0, held.size()).readAllBytes(), UTF_8);
    return reader.passes(new ServerSentEvent(ServerSentEvent.UNNAMED, text));
  }

  @Override
  public boolean isBetween() {
    return true;
  }

  @Override
  public void close() {
    held.clear();
  }

  private boolean isHeld(byte[] bytes, int length) {
    try {
      if (held.size() + length > Frames.LARGEST) {
        return false;
      }
      held.add(bytes, 0, length);
      return true;
    } catch (FullException _) {
      return false;
    }
  }

  private void letGo() throws IOException {
    if (way == Way.PASSING) {
      held.copyTo(reader);
    }
    held.clear();
  }

  private enum Way {
    HOLDING,
    PASSING,
    DROPPING
  }
}
