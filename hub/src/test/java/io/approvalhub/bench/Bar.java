package io.approvalhub.bench;

import java.util.function.DoublePredicate;

/// What a figure must reach.
record Bar(String text, DoublePredicate reached) {

  static final Bar NONE = new Bar("", _ -> true);

  /// From raising an approval to the answer.
  static final Bar ANSWERED = atMost(10, "ms");

  /// From a click to the decide call.
  static final Bar DECIDED = atMost(30, "ms");

  /// What a hub may have resident.
  static final Bar MEMORY = atMost(200, "MB");

  static Bar atMost(int limit, String unit) {
    return new Bar("≤ %d %s".formatted(limit, unit), figure -> figure <= limit);
  }

  static Bar atLeast(int limit, String unit) {
    return new Bar("≥ %d %s".formatted(limit, unit), figure -> figure >= limit);
  }

  static Bar exactly(int number) {
    return new Bar("= " + number, figure -> figure == number);
  }

  String verdict(double figure) {
    return text.isEmpty() ? "" : reached.test(figure) ? "OK" : "MISSED";
  }
}
