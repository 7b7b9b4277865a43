package io.approvalhub.kit;

import io.approvalhub.kit.parts.Differences;
import io.approvalhub.kit.parts.Presentation;
import io.approvalhub.kit.parts.Reading;
import io.approvalhub.plugin.Approval.Amendment;
import io.approvalhub.plugin.Approval.Call;
import io.approvalhub.plugin.Approval.Remarks;
import io.approvalhub.plugin.Part;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A tool call and what a person made of it, as a plugin is handed them: masked, visible, in parts,
/// and in the reader's language.
///
/// @param tool its name, as the agent gives it
/// @param arguments JSON, as the agent sent it
public record CallView(Words words, Presentation presentation, String tool, String arguments) {

  /// How many lines that stay are shown around a change.
  private static final int AROUND = 3;

  /// The call, of a tool that says nothing of itself.
  ///
  /// @param agent the configured agent
  /// @param risk as the agent rates it
  /// @param reason in the agent's words
  public Call call(String agent, String risk, String reason) {
    return call(agent, new Remarks(risk, reason, List.of()), Optional.empty());
  }

  /// The call.
  ///
  /// @param agent the configured agent
  /// @param title what the tool calls itself, for people
  public Call call(String agent, Remarks remarks, Optional<String> title) {
    var reading = Reading.of(tool, arguments, presentation);
    var headline = title.map(Disclosure::text).map(reading.headline()::titled);
    return new Call(
        Disclosure.text(tool),
        words.headline(agent, headline.orElse(reading.headline())),
        reading.parts(),
        reading.arguments(),
        new Remarks(
            Disclosure.text(remarks.risk()), Disclosure.text(remarks.reason()), remarks.hints()));
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
