package io.approvalhub.delivery;

import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;

/// No threads: a test turns the courier by hand.
@Singleton
@Replaces(Rounds.class)
@Requires(property = "micronaut.test.manual")
public final class ManualRounds {

  private final Courier courier;

  ManualRounds(Courier courier) {
    this.courier = courier;
  }

  /// Does everything that is due now.
  public void turn() {
    courier.turn();
  }
}
