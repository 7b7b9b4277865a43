package io.approvalhub.breaking;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The names of tool calls, by which everything in a run is found again.
final class Jobs {

  private static final Pattern NAME = Pattern.compile("job\\d{3}x");

  private Jobs() {}

  static String name(int number) {
    return "job%03dx".formatted(number);
  }

  /// The names that a text mentions.
  static List<String> mentioned(String text) {
    return NAME.matcher(text).results().map(MatchResult::group).distinct().toList();
  }
}
