package io.approvalhub.bench;

import java.util.List;
import java.util.Locale;

/// One line of the table.
///
/// @param where the database, and whatever else tells it from other lines
/// @param floor what the path needs at the least, in the unit of what the bar is about
/// @param ratio to the floor
record Row(
    String what,
    String where,
    String median,
    String p95,
    String p99,
    String count,
    String floor,
    String ratio,
    Bar bar,
    double figure) {

  static final List<String> HEAD =
      List.of("", "on", "median", "p95", "p99", "n", "floor", "× floor", "bar", "");

  /// Latencies; the bar is about their p95, and so is the floor.
  static Row latency(String what, String where, Samples samples, Samples floor, Bar bar) {
    return new Row(
        what,
        where,
        ms(samples.median()),
        ms(samples.p95()),
        ms(samples.p99()),
        String.valueOf(samples.count()),
        ms(floor.p95()),
        number(samples.p95() / floor.p95()),
        bar,
        samples.p95());
  }

  /// Latencies with nothing to compare them to.
  static Row latency(String what, String where, Samples samples, Bar bar) {
    return new Row(
        what,
        where,
        ms(samples.median()),
        ms(samples.p95()),
        ms(samples.p99()),
        String.valueOf(samples.count()),
        "",
        "",
        bar,
        samples.p95());
  }

  /// A single figure.
  static Row figure(String what, String where, double figure, String unit, Bar bar) {
    return new Row(what, where, number(figure) + unit, "", "", "", "", "", bar, figure);
  }

  /// The same line with a floor, given in the unit of its figure.
  Row over(double least, String unit) {
    return new Row(
        what,
        where,
        median,
        p95,
        p99,
        count,
        number(least) + unit,
        number(figure / least),
        bar,
        figure);
  }

  List<String> cells() {
    return List.of(
        what, where, median, p95, p99, count, floor, ratio, bar.text(), bar.verdict(figure));
  }

  private static String ms(double figure) {
    return number(figure) + " ms";
  }

  private static String number(double figure) {
    var digits = figure < 10 ? 2 : figure < 100 ? 1 : 0;
    return String.format(Locale.ROOT, "%,." + digits + "f", figure);
  }
}
