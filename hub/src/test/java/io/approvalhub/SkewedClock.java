package io.approvalhub;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Primary;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.random.RandomGenerator;

/// The real time plus what stands in a file, so that another process can make the clock of a hub
/// jump.
public final class SkewedClock implements InstantSource {

  private final MappedByteBuffer offset;

  /// @param file eight bytes: by how many microseconds the clock is ahead
  public SkewedClock(Path file) {
    try (var channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      offset = channel.map(MapMode.READ_WRITE, 0, Long.BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Instant instant() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS).plus(offset.getLong(0), ChronoUnit.MICROS);
  }

  /// Makes it jump, for every process that reads the file.
  public void jump(Duration by) {
    offset.putLong(0, offset.getLong(0) + by.toNanos() / 1000);
  }

  /// Takes the place of the real clock and of chance in a hub that is to be broken.
  @Factory
  @Requires(property = "breaking.clock")
  static final class Replacements {
    @Primary
    @Singleton
    @Replaces(value = InstantSource.class, factory = Beans.class)
    SkewedClock clock(@Property(name = "breaking.clock") String file) {
      return new SkewedClock(Path.of(file));
    }

    /// Pauses between tries are a tenth of what they are, or a run would be spent waiting.
    @Singleton
    @Replaces(value = RandomGenerator.class, factory = Beans.class)
    RandomGenerator impatience() {
      return new Impatience();
    }
  }

  private static final class Impatience implements RandomGenerator {
    private final RandomGenerator random = RandomGenerator.getDefault();

    @Override
    public long nextLong() {
      return random.nextLong();
    }

    @Override
    public double nextDouble(double origin, double bound) {
      return random.nextDouble(origin, bound) / 10;
    }
  }
}
