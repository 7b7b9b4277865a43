package io.approvalhub.agent.relay;

import io.approvalhub.agent.relay.RelayMemory.FullException;
import io.approvalhub.agent.relay.RelayMemory.Share;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Bytes in the order in which they came, in blocks that are not copied to make room for more, but
/// for the first: it begins small, since most streams are open for long and hold little. All blocks
/// but the first are taken from a share of the relay's memory.
final class Blocks {

  /// How much more room bytes take when they are read as a text.
  static final int AS_TEXT = 2;

  private static final int SIZE = 16 << 10;
  private static final int SMALL = 1 << 10;
  private static final int GROWTH = 4;

  private final Share share;
  private final List<byte[]> blocks = new ArrayList<>();
  private long size;
  private long prepaid;

  Blocks(Share share) {
    this.share = share;
  }

  /// Waits until there is room for so many bytes.
  void await(long bytes) throws FullException {
    // the block in which the end is found is one of them
    var whole = (bytes / SIZE + 1) * SIZE;
    share.await(whole);
    prepaid = whole;
  }

  long size() {
    return size;
  }

  void add(byte[] bytes, int at, int length) throws FullException {
    for (var done = 0; done < length; ) {
      var block = last();
      var into = (int) (size % SIZE);
      var count = Math.min(length - done, block.length - into);
      System.arraycopy(bytes, at + done, block, into, count);
      size += count;
      done += count;
    }
  }

  /// Adds everything that a source has.
  void addAll(InputStream source) throws IOException {
    while (true) {
      var block = last();
      var into = (int) (size % SIZE);
      var count = source.read(block, into, block.length - into);
      if (count < 0) {
        return;
      }
      size += count;
    }
  }

  byte at(long offset) {
    return blocks.get((int) (offset / SIZE))[(int) (offset % SIZE)];
  }

  /// Forgets the bytes and gives back their room.
  void clear() {
    if (blocks.size() > 1 || size > SMALL) {
      blocks.clear();
    }
    size = 0;
    prepaid = 0;
    share.close();
  }

  /// Passes all bytes on.
  void copyTo(Cutter.Reader reader) throws IOException {
    for (var from = 0L; from < size; from += SIZE) {
      reader.pass(blocks.get((int) (from / SIZE)), 0, (int) Math.min(SIZE, size - from));
    }
  }

  /// Gives back the room; the bytes are there for as long as somebody reads them.
  void giveBack() {
    share.close();
  }

  /// The bytes from one offset to before another.
  InputStream stream(long from, long to) {
    return new Range(from, to);
  }

  /// The block into which the next byte goes.
  private byte[] last() throws FullException {
    var number = (int) (size / SIZE);
    if (number == blocks.size()) {
      if (number > 0 && size + SIZE > prepaid) {
        share.take(SIZE);
      }
      blocks.add(new byte[number == 0 ? SMALL : SIZE]);
    }
    var block = blocks.get(number);
    if (size % SIZE == block.length) {
      block = Arrays.copyOf(block, block.length * GROWTH);
      blocks.set(number, block);
    }
    return block;
  }

  private final class Range extends InputStream {

    private final long to;
    private long next;

    private Range(long from, long to) {
      next = from;
      this.to = to;
    }

    @Override
    public int read() {
      return next < to ? at(next++) & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int at, int length) {
      if (next >= to) {
        return length == 0 ? 0 : -1;
      }
      var from = (int) (next % SIZE);
      var count = (int) Math.min(Math.min(length, SIZE - from), to - next);
      System.arraycopy(blocks.get((int) (next / SIZE)), from, bytes, at, count);
      next += count;
      return count;
    }

    @Override
    public int available() {
      return (int) Math.min(to - next, Integer.MAX_VALUE);
    }
  }
}
