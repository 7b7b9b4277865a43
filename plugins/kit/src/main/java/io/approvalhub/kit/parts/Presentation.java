package io.approvalhub.kit.parts;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How an operator wants the calls of some tools shown. It may order and name, and hides nothing.
///
/// @param headline words with `{{args.path}}` in them, for the first line; the tool's name stays
///     beside it
/// @param first the paths of the arguments that come first, in that order
/// @param languages in which language the argument of a path is written
public record Presentation(
    Optional<String> headline, List<String> first, Map<String, String> languages) {

  /// As the hub sees fit.
  public static final Presentation NONE = new Presentation(Optional.empty(), List.of(), Map.of());

  public Presentation {
    first = List.copyOf(first);
    languages = Map.copyOf(languages);
  }
}
