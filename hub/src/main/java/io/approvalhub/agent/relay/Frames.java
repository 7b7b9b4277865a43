package io.approvalhub.agent.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// Reads server-sent events beside a stream: cuts its bytes into frames, shows each frame that must
/// be read to a [Reader], and hands on the bytes of all that may pass, exactly as they came.
///
/// Lines end with CR LF, LF or CR, whatever the chunks; a frame ends with an empty line.
final class Frames implements Cutter {

  static final int LARGEST = 32 << 20;

  private final Reader reader;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean first = true;
  private boolean afterReturn;
  private boolean lineIsEmpty = true;
  private boolean passing;
  private boolean lastPassed = true;
  private String name = "";
  private StringBuilder data = new StringBuilder();

  Frames(Reader reader) {
    this.reader = reader;
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
    return !passing;
  }

  private int take(byte[] bytes, int at, int end, int length) throws IOException {
    lineIsEmpty &= end == at;
    if (!passing) {
      line.write(bytes, at, end - at);
    }
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
    var frameIsOver = held.size() == 0 && !passing;
    if (!frameIsOver) {
      put(bytes, at, 1);
    } else if (lastPassed) {
      reader.pass(bytes, at, 1);
    }
  }

  private void put(byte[] bytes, int at, int length) throws IOException {
    if (passing) {
      reader.pass(bytes, at, length);
      return;
    }
    if (held.size() + length > LARGEST) {
      throw new IOException("an event is larger than " + LARGEST + " bytes");
    }
    held.write(bytes, at, length);
  }

  private void endLine() throws IOException {
    var text = line.toString(UTF_8);
    line.reset();
    if (lineIsEmpty) {
      endFrame();
    } else if (!passing) {
      field(first && text.startsWith("\uFEFF") ? text.substring(1) : text);
    }
    lineIsEmpty = true;
    first = false;
  }

  private void field(String text) throws IOException {
    var colon = text.indexOf(':');
    var field = colon < 0 ? text : text.substring(0, colon);
    var value = colon < 0 ? "" : text.substring(colon + 1);
    var stripped = value.startsWith(" ") ? value.substring(1) : value;
    if (field.equals("event")) {
      name = stripped;
      passIfUnread();
    } else if (field.equals("data")) {
      data.append(stripped).append('\n');
    }
  }

  private void passIfUnread() throws IOException {
    if (!name.isEmpty() && !reader.reads(name)) {
      passHeld();
      passing = true;
    }
  }

  private void endFrame() throws IOException {
    if (!passing) {
      lastPassed = data.isEmpty() || reader.passes(event());
      if (lastPassed) {
        passHeld();
      }
    } else {
      lastPassed = true;
    }
    held.reset();
    passing = false;
    name = "";
    data = new StringBuilder();
  }

  private ServerSentEvent event() {
    return new ServerSentEvent(
        name.isEmpty() ? ServerSentEvent.UNNAMED : name, data.substring(0, data.length() - 1));
  }

  private void passHeld() throws IOException {
    reader.pass(held.toByteArray(), 0, held.size());
    held.reset();
  }

  private static int lineEnd(byte[] bytes, int from, int length) {
    for (var at = from; at < length; at++) {
      if (bytes[at] == '\n' || bytes[at] == '\r') {
        return at;
      }
    }
    return length;
  }
}
