package io.approvalhub.kit;

import io.approvalhub.kit.parts.Differences;
import io.approvalhub.kit.parts.Presentation;
import io.approvalhub.kit.parts.Reading;
import io.approvalhub.plugin.Approval.Amendment;
import io.approvalhub.plugin.Approval.Call;
import io.approvalhub.plugin.Part;
import java.util.List;
import java.util.stream.Collectors;

/// A tool call and what a person made of it, as a plugin is handed them: masked, visible, in parts,
/// and in the reader's language.
///
/// @param tool its name, as the agent gives it
/// @param arguments JSON, as the agent sent it
public record CallView(Words words, Presentation presentation, String tool, String arguments) {

  /// How many lines that stay are shown around a change.
  private static final int AROUND = 3;

  /// The call.
  ///
  /// @param agent the configured agent
  /// @param risk as the agent rates it
  /// @param reason in the agent's words
  public Call call(String agent, String risk, String reason) {
    var reading = Reading.of(tool, arguments, presentation);
    return new Call(
        Disclosure.text(tool),
        words.headline(agent, reading.headline()),
        reading.parts(),
        reading.arguments(),
        Disclosure.text(risk),
        Disclosure.text(reason));
  }

  /// What was approved in its place.
  ///
  /// @param edited JSON
  public Amendment amendment(String edited) {
    var before = Reading.of(tool, arguments, presentation);
    var after = Reading.of(tool, edited, presentation);
    var changes = changes(said(before.parts()), said(after.parts()));
    return new Amendment(
        after.arguments(),
        after.parts(),
        new Part.Diff(words.text("label.changes"), "changes.diff", changes));
  }

  /// Nothing at all has no line that could go or come.
  private static String changes(String before, String after) {
    if (before.isEmpty() || after.isEmpty()) {
      var sign = before.isEmpty() ? "+" : "-";
      return (before + after).lines().map(sign::concat).collect(Collectors.joining("\n"));
    }
    return Differences.between(before, after, AROUND);
  }

  private String said(List<Part> parts) {
    return parts.stream().map(this::said).collect(Collectors.joining("\n"));
  }

  private String said(Part part) {
    var label = words.label(part);
    return label.isEmpty() ? part.text() : label + ":\n" + part.text();
  }
}
