package io.approvalhub.bench;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// What the command asked for.
///
/// @param only the measurements to make; empty for all
/// @param sustained how long to keep the load up
/// @param databases `sqlite`, `postgresql`
/// @param chats how many conversations each platform has, so that no pace is measured
/// @param samples how many approvals pass through them
record Options(
    List<String> only, Duration sustained, List<String> databases, int chats, int samples) {

  static Options fromProperties() {
    var database = property("bench.database", "both");
    return new Options(
        words(property("bench.only", "")),
        Duration.ofSeconds(Integer.parseInt(property("bench.seconds", "60"))),
        database.equals("both") ? List.of("sqlite", "postgresql") : List.of(database),
        Integer.parseInt(property("bench.chats", "50")),
        Integer.parseInt(property("bench.samples", "250")));
  }

  boolean wants(Measurement measurement) {
    return only.isEmpty() || only.contains(measurement.name());
  }

  private static String property(String name, String otherwise) {
    var value = System.getProperty(name, "");
    return value.isBlank() ? otherwise : value.strip();
  }

  private static List<String> words(String text) {
    return Stream.of(text.split(",")).map(String::strip).filter(word -> !word.isEmpty()).toList();
  }
}
