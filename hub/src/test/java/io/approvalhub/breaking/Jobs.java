package io.approvalhub.breaking;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The names of tool calls, by which everything in a run is found again. Where every attempt asks
/// anew, a number follows the name.
final class Jobs {

  private static final Pattern NAME = Pattern.compile("job\\d{3}x(\\d{3})?");

  private Jobs() {}

  static String name(int number) {
    return "job%03dx".formatted(number);
  }

  /// Whether a name is without the number of an attempt.
  static boolean isFirst(String name) {
    return name.endsWith("x");
  }

  /// The names that a text mentions.
  static List<String> mentioned(String text) {
    return NAME.matcher(text).results().map(MatchResult::group).distinct().toList();
  }
}
