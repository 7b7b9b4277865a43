package io.approvalhub.delivery;

import io.approvalhub.node.Workers;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;

/// No threads: a test turns the courier by hand.
@Context
@Replaces(Rounds.class)
@Requires(property = "micronaut.test.manual")
public final class ManualRounds extends Rounds {

  private final Courier courier;

  ManualRounds(Courier courier, Workers workers) {
    super(courier, workers);
    this.courier = courier;
  }

  @Override
  @EventListener
  void start(ServerStartupEvent event) {}

  /// Does everything that is due now.
  public void turn() {
    courier.turn();
  }
}
