package io.approvalhub.agent.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FramesTest {

  private static final String STREAM =
      """
      : welcome

      event: ask
      id: 1
      data: {"a":
      data:  "ü"}

      data: no name

      event:other
      data: passes unread

      data
      event: ask
      retry: 5

      : between

      data: late name
      event: ask

      data: [DONE]

      event: ask
      data: cut\
      """;

  private final List<ServerSentEvent> events = new ArrayList<>();
  private final List<String> unseen = new ArrayList<>();
  private final ByteArrayOutputStream passed = new ByteArrayOutputStream();

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void eventsAreTheSameWhateverTheLineEndAndTheChunks(String lineEnd) throws IOException {
    var stream = STREAM.replace("\n", lineEnd);
    for (var chunk = 1; chunk <= stream.length(); chunk++) {
      read(stream, chunk);
      assertThat(events)
          .as("chunks of %s", chunk)
          .containsExactly(
              new ServerSentEvent("ask", "{\"a\":\n \"ü\"}"),
              new ServerSentEvent("message", "no name"),
              new ServerSentEvent("ask", ""),
              new ServerSentEvent("ask", "late name"),
              new ServerSentEvent("message", "[DONE]"),
              new ServerSentEvent("ask", "cut"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void allBytesPassButThoseOfWithheldEvents(String lineEnd) throws IOException {
    var stream = STREAM.replace("\n", lineEnd);
    var expected =
        """
        : welcome

        data: no name

        event:other
        data: passes unread

        : between

        data: [DONE]

        """
            .replace("\n", lineEnd);
    for (var chunk = 1; chunk <= stream.length(); chunk++) {
      read(stream, chunk);
      assertThat(passed.toString(UTF_8)).as("chunks of %s", chunk).isEqualTo(expected);
    }
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstField() throws IOException {
    read("\uFEFFevent: ask\ndata: x\n\n", 2);
    assertThat(events).containsExactly(new ServerSentEvent("ask", "x"));
  }

  @Test
  void whatNeedNotBeReadPassesBeforeItIsWhole() throws IOException {
    read("event: other\ndata: still com", 100);
    assertThat(passed.toString(UTF_8)).isEqualTo("event: other\ndata: still com");
  }

  @Test
  void whatIsTooLargeToBeSeenIsDealtWithAlone() throws IOException {
    var large = "x".repeat(Frames.LARGEST + 1);
    read("event: ask\ndata: " + large + "\n\ndata: next\n\n", 10_000);
    assertThat(unseen).containsExactly("ask");
    assertThat(events).containsExactly(new ServerSentEvent("message", "next"));
    assertThat(passed.toString(UTF_8)).isEqualTo("data: next\n\n");
    var stream = "data: " + large + "\n\nevent: ask\ndata: next\n\n";
    read(stream, 10_000);
    assertThat(unseen).containsExactly("message");
    assertThat(events).containsExactly(new ServerSentEvent("ask", "next"));
    assertThat(passed.toString(UTF_8)).isEqualTo("data: " + large + "\n\n");
  }

  @Test
  void whatIsNamedTooLateIsNotPassedFurther() {
    var late = "data: " + "x".repeat(Frames.LARGEST + 1) + "\nevent: ask\n\n";
    assertThatThrownBy(() -> read(late, 10_000)).isInstanceOf(IOException.class);
  }

  private void read(String stream, int chunk) throws IOException {
    events.clear();
    unseen.clear();
    passed.reset();
    var frames = new Frames(new Recorder(), new RelayMemory(16));
    var bytes = stream.getBytes(UTF_8);
    for (var at = 0; at < bytes.length; at += chunk) {
      var length = Math.min(chunk, bytes.length - at);
      var piece = new byte[length];
      System.arraycopy(bytes, at, piece, 0, length);
      frames.feed(piece, length);
    }
    frames.finish();
  }

  /// Reads all but `other`, and withholds `ask`.
  private final class Recorder implements Frames.Reader {
    @Override
    public boolean reads(String name) {
      return !name.equals("other");
    }

    @Override
    public boolean passes(ServerSentEvent event) {
      events.add(event);
      return !event.name().equals("ask");
    }

    @Override
    public boolean passesUnseen(String name) {
      unseen.add(name);
      return !name.equals("ask");
    }

    @Override
    public void pass(byte[] bytes, int at, int length) {
      passed.write(bytes, at, length);
    }
  }
}
