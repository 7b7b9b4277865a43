package io.approvalhub.approval;

import io.approvalhub.configuration.Configuration;
import io.approvalhub.node.Workers;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.StartupEvent;
import io.micronaut.runtime.event.annotation.EventListener;
import java.time.InstantSource;

/// No threads: a test does by hand what is due.
@Context
@Replaces(Upkeep.class)
@Requires(property = "micronaut.test.manual")
final class ManualUpkeep extends Upkeep {

  ManualUpkeep(
      Configuration configuration,
      Desk desk,
      Changes changes,
      Workers workers,
      InstantSource clock) {
    super(configuration, desk, changes, workers, clock);
  }

  @Override
  @EventListener
  void start(StartupEvent event) {}
}
