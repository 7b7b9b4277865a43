package io.approvalhub.breaking;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What to run.
///
/// @param seed of the first run; each next one has the next number
/// @param python an interpreter that has uvicorn and httptools, which then stands before the agents
record Options(
    int runs, long seed, int nodes, boolean postgresql, int parallel, Optional<Path> python) {

  private static final String HELP =
      "--runs=N --seed=N --nodes=N --database=sqlite|postgresql --parallel=N --python=FILE";

  /// Reads `--name=value` words.
  static Options of(String... words) {
    var given =
        Arrays.stream(words)
            .flatMap(word -> Arrays.stream(word.strip().split("\\s+")))
            .filter(word -> !word.isEmpty())
            .map(word -> word.split("=", 2))
            .filter(pair -> pair.length < 2 || !pair[1].isEmpty())
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair.length > 1 ? pair[1] : ""));
    var options =
        new Options(
            number(given, "--runs", 20),
            Optional.ofNullable(given.remove("--seed"))
                .map(Long::parseLong)
                .orElseGet(System::currentTimeMillis),
            number(given, "--nodes", 1),
            Optional.ofNullable(given.remove("--database"))
                .filter("postgresql"::equals)
                .isPresent(),
            number(given, "--parallel", 1),
            Optional.ofNullable(given.remove("--python")).map(Path::of));
    if (!given.isEmpty() || (options.nodes > 1 && !options.postgresql)) {
      throw new IllegalArgumentException(
          "not understood: " + given.keySet() + "; " + HELP + "; nodes need postgresql");
    }
    return options;
  }

  private static int number(Map<String, String> given, String name, int otherwise) {
    return Optional.ofNullable(given.remove(name)).map(Integer::parseInt).orElse(otherwise);
  }
}
