package io.approvalhub;

import io.approvalhub.approval.Ids;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Primary;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// What everything else is handed: the time, ids, chance.
@Factory
final class Beans {

  /// The time in microseconds, which is what the store keeps.
  @Primary
  @Singleton
  InstantSource clock() {
    return Clock.tick(Clock.systemUTC(), Duration.ofNanos(1000));
  }

  @Singleton
  Ids ids(InstantSource clock) {
    return new Ids(clock);
  }

  @Singleton
  RandomGenerator random() {
    return new SecureRandom();
  }
}
