package io.approvalhub.channel;

import io.approvalhub.approval.ToolCall;
import io.approvalhub.configuration.Configuration;
import io.approvalhub.configuration.Section;
import io.approvalhub.kit.parts.Presentation;
import io.approvalhub.rules.Match;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;

/// How the operator wants calls shown: the first entry of `presentations` that matches counts.
@Singleton
final class Presentations {

  private final List<Entry> entries;

  Presentations(Configuration configuration) {
    var agents = configuration.section("agents").sections().keySet();
    entries =
        configuration.list("presentations").stream().map(entry -> entry(entry, agents)).toList();
  }

  /// How a call is to be shown.
  Presentation of(ToolCall call) {
    return entries.stream()
        .filter(entry -> entry.match.fits(call))
        .findFirst()
        .map(Entry::presentation)
        .orElse(Presentation.NONE);
  }

  private static Entry entry(Section section, Set<String> agents) {
    var settings = section.settings("match", "languages");
    var presentation =
        new Presentation(
            settings.optional("headline"),
            settings.list("first"),
            section.section("languages").settings().texts());
    settings.refuseUnknown();
    return new Entry(Match.of(section, agents), presentation);
  }

  private record Entry(Match match, Presentation presentation) {}
}
