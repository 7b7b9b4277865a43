package io.approvalhub.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeyboardTest {

  private final Printed printed = Printed.plain();

  @Test
  void oneKeyDecides() throws IOException {
    assertThat(chosen("a")).contains(Choice.APPROVE);
    assertThat(chosen("d")).contains(Choice.DENY);
    assertThat(chosen("q")).isEmpty();
  }

  @Test
  void aLetterAndEnterDecideToo() throws IOException {
    assertThat(chosen("a\n")).contains(Choice.APPROVE);
    assertThat(printed.text()).startsWith("[a] approve");
  }

  @Test
  void aReasonIsAWholeLine() throws IOException {
    assertThat(chosen("r", "zu früh, später\n")).contains(Choice.denyBecause("zu früh, später"));
  }

  @Test
  void noReasonIsNoDecision() throws IOException {
    assertThat(chosen("r", " \n", "q")).isEmpty();
  }

  @Test
  void otherKeysAskAgain() throws IOException {
    assertThat(chosen("x", "a")).contains(Choice.APPROVE);
    assertThat(printed.text().lines()).hasSize(2);
  }

  @Test
  void anArrowIsNotItsLetters() throws IOException {
    assertThat(chosen("\033[D", "\033[A", "q")).isEmpty();
    assertThat(chosen("\033OA", "q")).isEmpty();
  }

  @Test
  void whatWasTypedBeforeIsForgotten() throws IOException {
    var in = new SequenceInputStream(bytes("aaa"), bytes("d"));
    assertThat(chosen(in)).contains(Choice.DENY);
  }

  @Test
  void theEndOfInputLeaves() throws IOException {
    assertThat(chosen("x")).isEmpty();
    assertThat(chosen("\u0004")).isEmpty();
  }

  /// Each of the texts arrives at once, after the one before was read.
  private Optional<Choice> chosen(String... texts) throws IOException {
    var streams = Stream.concat(Stream.of(""), Stream.of(texts)).map(KeyboardTest::bytes).toList();
    return chosen(new SequenceInputStream(Collections.enumeration(List.copyOf(streams))));
  }

  private Optional<Choice> chosen(InputStream in) throws IOException {
    return new Keyboard(new Terminal(Optional.empty()), printed.screen(), in).choose();
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }
}
