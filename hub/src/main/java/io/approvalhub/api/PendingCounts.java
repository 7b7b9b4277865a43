package io.approvalhub.api;

import io.approvalhub.approval.Statistics;
import io.approvalhub.approval.Statistics.Waiting;
import io.approvalhub.database.StoreException;
import io.approvalhub.kit.Disclosure;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.context.annotation.Context;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;

/// Tells Prometheus how many approvals wait, by agent and tool: counted in the store whenever it
/// asks, so that every node says the same.
@Context
final class PendingCounts implements Collector {

  private static final String NAME = "approvalhub_pending";

  private final Statistics statistics;

  PendingCounts(Statistics statistics, PrometheusMeterRegistry registry) {
    this.statistics = statistics;
    registry.getPrometheusRegistry().register(this);
  }

  @Override
  public String getPrometheusName() {
    return NAME;
  }

  @Override
  public MetricSnapshot collect() {
    var snapshot =
        GaugeSnapshot.builder().name(NAME).help("Approvals that wait, as the store has them");
    waiting().forEach(waiting -> snapshot.dataPoint(point(waiting)));
    return snapshot.build();
  }

  /// Nothing while the store is out of reach, which other metrics and the readiness say.
  private List<Waiting> waiting() {
    try {
      return statistics.waiting();
    } catch (StoreException _) {
      return List.of();
    }
  }

  private static GaugeDataPointSnapshot point(Waiting waiting) {
    return GaugeDataPointSnapshot.builder()
        .labels(Labels.of("agent", waiting.agent(), "tool", Disclosure.text(waiting.tool())))
        .value(waiting.number())
        .build();
  }
}
