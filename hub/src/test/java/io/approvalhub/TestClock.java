package io.approvalhub;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Primary;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/// A clock that stands still until a test turns it.
public final class TestClock implements InstantSource {

  private volatile Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);

  @Override
  public Instant instant() {
    return now;
  }

  public void turn(Duration by) {
    now = now.plus(by);
  }

  /// Puts it in the place of the real one.
  @Factory
  @Requires(property = "micronaut.test.manual")
  static final class Clocks {
    @Primary
    @Singleton
    @Replaces(value = InstantSource.class, factory = Beans.class)
    TestClock clock() {
      return new TestClock();
    }
  }
}
