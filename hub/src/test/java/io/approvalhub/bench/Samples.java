package io.approvalhub.bench;

import java.util.Arrays;
import java.util.Collection;

/// How long something took, again and again, in milliseconds.
final class Samples {

  private final double[] sorted;

  /// @param nanos in any order
  Samples(Collection<Long> nanos) {
    sorted = nanos.stream().mapToDouble(each -> each / 1e6).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalStateException("nothing was measured");
    }
  }

  int count() {
    return sorted.length;
  }

  double median() {
    return percentile(50);
  }

  double p95() {
    return percentile(95);
  }

  double p99() {
    return percentile(99);
  }

  /// The smallest that so many percent do not exceed.
  private double percentile(int percent) {
    return sorted[(int) Math.ceil(percent / 100.0 * sorted.length) - 1];
  }

  @Override
  public String toString() {
    return Arrays.toString(sorted);
  }
}
