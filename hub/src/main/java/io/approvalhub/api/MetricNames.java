package io.approvalhub.api;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.util.Map;

/// Says what the metrics of libraries are where they do not, and leaves out those whose names the
/// rules of Prometheus do not allow.
@Factory
final class MetricNames {

  private static final Map<String, String> HELP =
      Map.of(
          "executor", "How long tasks took",
          "http.server.requests", "How long requests took");

  @Singleton
  MeterFilter help() {
    return new MeterFilter() {
      @Override
      public Meter.Id map(Meter.Id id) {
        var help = HELP.get(id.getName());
        return help == null || id.getDescription() != null
            ? id
            : new Meter.Id(
                id.getName(), Tags.of(id.getTags()), id.getBaseUnit(), help, id.getType());
      }
    };
  }

  /// Process time in nanoseconds, beside which there is `process.cpu.usage`.
  @Singleton
  MeterFilter withoutNanoseconds() {
    return MeterFilter.denyNameStartsWith("process.cpu.time");
  }

  /// A number that ends like that of a histogram, and which the machine tells anyway.
  @Singleton
  MeterFilter withoutProcessors() {
    return MeterFilter.denyNameStartsWith("system.cpu.count");
  }
}
