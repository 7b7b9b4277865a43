package io.approvalhub.agent.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlocksTest {

  private final Random random = new Random(1);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_023, 1_024, 1_025, 4_096, 4_097, 16_383, 16_384, 16_385, 100_000})
  void whatCameIsThereWhateverItsLength(int length) throws IOException {
    var blocks = new Blocks(new RelayMemory(4).share());
    for (var round = 0; round < 2; round++) {
      var bytes = bytes(length);
      var half = length / 2;
      blocks.addAll(new ByteArrayInputStream(bytes, 0, half));
      for (var at = half; at < length; at += 700) {
        blocks.add(bytes, at, Math.min(700, length - at));
      }

      assertThat(blocks.size()).isEqualTo(length);
      assertThat(blocks.stream(0, length).readAllBytes()).isEqualTo(bytes);
      var copy = new ByteArrayOutputStream();
      blocks.copyTo(new Passed(copy));
      assertThat(copy.toByteArray()).isEqualTo(bytes);
      assertThat(length == 0 || blocks.at(length - 1L) == bytes[length - 1]).isTrue();
      blocks.clear();
    }
  }

  private byte[] bytes(int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private record Passed(ByteArrayOutputStream to) implements Cutter.Reader {

    @Override
    public boolean reads(String name) {
      return true;
    }

    @Override
    public boolean passes(ServerSentEvent event) {
      return true;
    }

    @Override
    public boolean passesUnseen(String name) {
      return true;
    }

    @Override
    public void pass(byte[] bytes, int at, int length) {
      to.write(bytes, at, length);
    }
  }
}
