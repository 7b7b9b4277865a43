package io.approvalhub.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/// A screen that can be read.
final class Printed {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Charset charset;
  private final Screen screen;

  Printed(Charset charset, int columns, boolean colours) {
    this.charset = charset;
    screen = new Screen(new PrintStream(bytes, true, charset), () -> columns, colours);
  }

  /// Wide enough for everything, without colours.
  static Printed plain() {
    return new Printed(UTF_8, 100, false);
  }

  Screen screen() {
    return screen;
  }

  String text() {
    return bytes.toString(charset);
  }
}
