package io.approvalhub.rules;

import io.approvalhub.approval.ToolCall;
import io.approvalhub.configuration.Section;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which calls an entry of the file is about: those that fit everything it says.
public final class Match {

  private final List<Predicate<ToolCall>> tests;

  private Match(List<Predicate<ToolCall>> tests) {
    this.tests = tests;
  }

  /// Reads `match` of an entry; without any, all calls are meant.
  ///
  /// @param agents those that are configured
  public static Match of(Section entry, Set<String> agents) {
    var settings = entry.section("match").settings();
    var named = settings.list("agent");
    for (var agent : named) {
      if (!agents.contains(agent)) {
        throw settings.invalid("agent", "names '" + agent + "', which is not in agents");
      }
    }
    var match =
        new Match(
            Stream.of(
                    test(named.stream().map(Match::exactly).toList(), ToolCall::agent),
                    test(globs(settings.list("tool")), ToolCall::tool),
                    test(globs(settings.list("risk")), ToolCall::risk),
                    test(globs(settings.list("worker")), ToolCall::worker),
                    test(globs(settings.list("session")), call -> call.session().orElse("")))
                .toList());
    settings.refuseUnknown();
    return match;
  }

  public boolean fits(ToolCall call) {
    return tests.stream().allMatch(test -> test.test(call));
  }

  private static Predicate<ToolCall> test(List<Pattern> patterns, Function<ToolCall, String> of) {
    return call ->
        patterns.isEmpty()
            || patterns.stream().anyMatch(pattern -> pattern.matcher(of.apply(call)).matches());
  }

  private static List<Pattern> globs(List<String> globs) {
    return globs.stream().map(Match::glob).toList();
  }

  private static Pattern exactly(String text) {
    return Pattern.compile(Pattern.quote(text));
  }

  /// `*` stands for any characters, `?` for one.
  private static Pattern glob(String glob) {
    return Pattern.compile(
        glob.codePoints()
            .mapToObj(
                point ->
                    switch (point) {
                      case '*' -> ".*";
                      case '?' -> ".";
                      default -> Pattern.quote(Character.toString(point));
                    })
            .collect(Collectors.joining()),
        Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
  }
}
