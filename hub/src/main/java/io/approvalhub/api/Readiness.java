package io.approvalhub.api;

import io.approvalhub.connection.Backoff;
import io.approvalhub.database.Database;
import io.approvalhub.node.Leases;
import io.approvalhub.node.Workers;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Publisher;

/// Whether this hub can do its work: its store takes a write, others may believe that it lives, and
/// all of its threads run. A channel or an agent in trouble is no part of that.
@Singleton
@io.micronaut.management.health.indicator.annotation.Readiness
final class Readiness implements HealthIndicator {

  private static final String GOOD = "working";
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final Database database;
  private final Leases leases;
  private final Workers workers;

  Readiness(Database database, Leases leases, Workers workers) {
    this.database = database;
    this.leases = leases;
    this.workers = workers;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    var result =
        CompletableFuture.supplyAsync(this::result, task -> Thread.ofVirtual().start(task))
            .completeOnTimeout(
                result("does not answer"), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    return Publishers.fromCompletableFuture(result);
  }

  private HealthResult result() {
    return result(store());
  }

  private HealthResult result(String store) {
    var dead = workers.dead();
    var alive = leases.isAlive();
    var ready = store.equals(GOOD) && alive && dead.isEmpty();
    var details = new LinkedHashMap<String, Object>();
    details.put("store", store);
    details.put("lease", alive ? "held" : "lost");
    details.put("dead_workers", dead);
    return HealthResult.builder("hub", ready ? HealthStatus.UP : HealthStatus.DOWN)
        .details(Map.copyOf(details))
        .build();
  }

  private String store() {
    try {
      database.probe();
      return GOOD;
    } catch (RuntimeException e) {
      return Backoff.reason(e);
    }
  }
}
