package io.approvalhub.breaking;

import io.approvalhub.breaking.Violation.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How runs went, counted by fault and by promise.
final class Table {

  private Table() {}

  static List<String> of(List<Run.Result> results) {
    var lines = new ArrayList<String>();
    lines.add("%-28s %8s %8s".formatted("fault", "injected", "survived"));
    counts(results)
        .forEach(
            (kind, count) ->
                lines.add("%-28s %8d %8d".formatted(kind, count.injected(), count.survived())));
    lines.add("%-28s %8s".formatted("promise", "broken"));
    for (var promise : Promise.values()) {
      lines.add("%-28s %8d".formatted(promise, broken(results, promise)));
    }
    lines.add(
        "%-28s %8d"
            .formatted(
                "messages lost sight of", results.stream().mapToLong(Run.Result::lost).sum()));
    var seconds = results.stream().mapToLong(result -> result.time().toMillis()).sum() / 1000.0;
    var good = results.stream().filter(Run.Result::good).count();
    lines.add(
        "%d runs, %d kept every promise, %.1f s each"
            .formatted(results.size(), good, seconds / Math.max(1, results.size())));
    return lines;
  }

  private static long broken(List<Run.Result> results, Promise promise) {
    return results.stream()
        .flatMap(result -> result.violations().stream())
        .filter(violation -> violation.promise() == promise)
        .count();
  }

  private static Map<String, Count> counts(List<Run.Result> results) {
    var counts = new TreeMap<String, Count>();
    for (var result : results) {
      for (var fault : result.faults()) {
        counts.merge(fault.kind(), new Count(1, result.good() ? 1 : 0), Count::plus);
      }
    }
    return counts;
  }

  private record Count(int injected, int survived) {
    Count plus(Count other) {
      return new Count(injected + other.injected, survived + other.survived);
    }
  }
}
