package io.approvalhub.delivery;

import io.approvalhub.approval.Changes;
import io.approvalhub.approval.Desk;
import io.approvalhub.configuration.Configuration;
import io.approvalhub.connection.Workers;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import java.time.InstantSource;

/// No threads: a test turns the courier by hand.
@Context
@Replaces(Rounds.class)
@Requires(property = "micronaut.test.manual")
public final class ManualRounds extends Rounds {

  private final Courier courier;

  ManualRounds(
      Configuration configuration,
      Courier courier,
      Desk desk,
      Changes changes,
      Workers workers,
      InstantSource clock) {
    super(configuration, courier, desk, changes, workers, clock);
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
