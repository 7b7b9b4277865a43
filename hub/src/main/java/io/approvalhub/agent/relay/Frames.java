package io.approvalhub.agent.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.approvalhub.agent.relay.RelayMemory.FullException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/// Reads server-sent events beside a stream: cuts its bytes into frames, shows each frame that must
/// be read to a [Reader], and hands on the bytes of all that may pass, exactly as they came.
///
/// Lines end with CR LF, LF or CR, whatever the chunks; a frame ends with an empty line. A frame is
/// held until it is known whether it may pass; one that grows too large before that is decided on
/// unseen, and goes on as it comes.
final class Frames implements Cutter {

  /// What is shown to readers is no larger than this.
  static final int LARGEST = 8 << 20;

  /// An unnamed frame that nobody reads is held no longer than until here, for a name that may
  /// still come.
  private static final int LARGEST_UNREAD = 256 << 10;

  private static final int LONGEST_NAME = 200;
  private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final Reader reader;
  private final RelayMemory.Share share;
  private final Blocks held;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(64);
  private boolean first = true;
  private boolean afterReturn;
  private boolean lineIsEmpty = true;
  private boolean hasData;
  private boolean lastPassed = true;
  private String name = "";
  private Way way = Way.HOLDING;

  Frames(Reader reader, RelayMemory memory) {
    this.reader = reader;
    share = memory.share();
    held = new Blocks(share);
  }

  @Override
  public void feed(byte[] bytes, int length) throws IOException {
    var at = 0;
    while (at < length) {
      var end = lineEnd(bytes, at, length);
      if (afterReturn && end == at && bytes[at] == '\n') {
        afterReturn = false;
        restOfLineEnd(bytes, at);
        at++;
      } else {
        afterReturn = false;
        at = take(bytes, at, end, length);
      }
    }
  }

  /// What is left counts as a frame.
  @Override
  public void finish() throws IOException {
    if (!lineIsEmpty) {
      endLine();
    }
    if (held.size() > 0) {
      endFrame();
    }
  }

  @Override
  public boolean isBetween() {
    return way == Way.HOLDING;
  }

  @Override
  public void close() {
    held.clear();
  }

  private int take(byte[] bytes, int at, int end, int length) throws IOException {
    lineIsEmpty &= end == at;
    line.write(bytes, at, Math.min(end - at, LONGEST_NAME - Math.min(line.size(), LONGEST_NAME)));
    if (end == length) {
      put(bytes, at, end - at);
      return end;
    }
    put(bytes, at, end - at + 1);
    afterReturn = bytes[end] == '\r';
    endLine();
    return end + 1;
  }

  /// The LF of a CR LF belongs to the line that the CR ended.
  private void restOfLineEnd(byte[] bytes, int at) throws IOException {
    var frameIsOver = held.size() == 0 && way == Way.HOLDING;
    if (!frameIsOver) {
      put(bytes, at, 1);
    } else if (lastPassed) {
      reader.pass(bytes, at, 1);
    }
  }

  private void put(byte[] bytes, int at, int length) throws IOException {
    if (way == Way.HOLDING && !isHeld(bytes, at, length)) {
      way = isUnread() || passesUnseen() ? Way.PASSING : Way.DROPPING;
      letGo();
    }
    if (way == Way.PASSING) {
      reader.pass(bytes, at, length);
    }
  }

  private boolean isHeld(byte[] bytes, int at, int length) {
    if (held.size() + length > (isUnread() ? LARGEST_UNREAD : LARGEST)) {
      return false;
    }
    try {
      held.add(bytes, at, length);
      return true;
    } catch (FullException _) {
      return false;
    }
  }

  /// Whether nobody is to see the frame, unless a name comes that changes that.
  private boolean isUnread() {
    return name.isEmpty() && !reader.reads(ServerSentEvent.UNNAMED);
  }

  private boolean passesUnseen() throws IOException {
    return reader.passesUnseen(name.isEmpty() ? ServerSentEvent.UNNAMED : name);
  }

  private void endLine() throws IOException {
    var start = line.toByteArray();
    line.reset();
    if (lineIsEmpty) {
      endFrame();
    } else {
      field(new String(first ? withoutMark(start) : start, UTF_8));
    }
    lineIsEmpty = true;
    first = false;
  }

  /// @param text the beginning of a line, longer than any name that is read
  private void field(String text) throws IOException {
    var field = Field.of(text);
    if (field.name().equals("event")) {
      name = field.value();
      named();
    } else if (field.name().equals("data")) {
      hasData = true;
    }
  }

  private void named() throws IOException {
    var isUnread = !name.isEmpty() && !reader.reads(name);
    if (isUnread && way == Way.HOLDING) {
      way = Way.PASSING;
      letGo();
    } else if (!isUnread && !name.isEmpty() && way == Way.PASSING) {
      throw new IOException("an event got another name after it had gone to the client");
    }
  }

  private void endFrame() throws IOException {
    if (way == Way.HOLDING) {
      lastPassed = !hasData || isUnread() || passes();
      way = lastPassed ? Way.PASSING : Way.DROPPING;
      letGo();
    } else {
      lastPassed = way == Way.PASSING;
    }
    held.clear();
    way = Way.HOLDING;
    name = "";
    hasData = false;
  }

  private boolean passes() throws IOException {
    try {
      share.take(held.size() * Blocks.AS_TEXT);
    } catch (FullException _) {
      return passesUnseen();
    }
    return reader.passes(event());
  }

  private ServerSentEvent event() throws IOException {
    var data = new StringBuilder();
    var text = new String(held.stream(0, held.size()).readAllBytes(), UTF_8);
    (text.startsWith("\uFEFF") ? text.substring(1) : text)
        .lines()
        .map(Field::of)
        .filter(field -> field.name().equals("data"))
        .forEach(field -> data.append(field.value()).append('\n'));
    return new ServerSentEvent(
        name.isEmpty() ? ServerSentEvent.UNNAMED : name, data.substring(0, data.length() - 1));
  }

  private void letGo() throws IOException {
    if (way == Way.PASSING) {
      held.copyTo(reader);
    }
    held.clear();
  }

  private static byte[] withoutMark(byte[] line) {
    return Arrays.equals(Arrays.copyOf(line, MARK.length), MARK)
        ? Arrays.copyOfRange(line, MARK.length, line.length)
        : line;
  }

  private static int lineEnd(byte[] bytes, int from, int length) {
    for (var at = from; at < length; at++) {
      if (bytes[at] == '\n' || bytes[at] == '\r') {
        return at;
      }
    }
    return length;
  }

  /// What happens to the bytes of the frame that has begun.
  private enum Way {
    HOLDING,
    PASSING,
    DROPPING
  }

  /// A line as a name and a value.
  private record Field(String name, String value) {

    private static Field of(String line) {
      var colon = line.indexOf(':');
      if (colon < 0) {
        return new Field(line, "");
      }
      var value = line.substring(colon + 1);
      return new Field(
          line.substring(0, colon), value.startsWith(" ") ? value.substring(1) : value);
    }
  }
}
