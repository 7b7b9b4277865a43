package io.approvalhub.log;

import java.time.Duration;
import java.util.StringJoiner;

/// Lengths of time as people write them.
public final class Lengths {

  private Lengths() {}

  /// Such as `5m`, `1h 30m` or `250ms`.
  public static String text(Duration length) {
    if (length.isNegative()) {
      return "-" + text(length.negated());
    }
    var words = new StringJoiner(" ");
    add(words, length.toDays(), "d");
    add(words, length.toHoursPart(), "h");
    add(words, length.toMinutesPart(), "m");
    add(words, length.toSecondsPart(), "s");
    if (length.compareTo(Duration.ofSeconds(1)) < 0) {
      add(words, length.toMillisPart(), "ms");
    }
    return words.length() == 0 ? "0s" : words.toString();
  }

  private static void add(StringJoiner words, long number, String unit) {
    if (number != 0) {
      words.add(number + unit);
    }
  }
}
