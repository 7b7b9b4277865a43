package io.approvalhub.kit.parts;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Disclosure;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Part;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/// A tool call as people read it: no secrets, nothing invisible, and each value of its arguments in
/// exactly one part.
///
/// @param parts in the order in which they should be read
/// @param arguments the same as one text of indented JSON
public record Reading(Headline headline, List<Part> parts, String arguments) {

  /// More of them are no help; then what is nested stays together.
  private static final int MOST_PARTS = 40;

  private static final Pattern PLACE = Pattern.compile("\\{\\{\\s*args\\.([^}]*?)\\s*}}");

  public Reading {
    parts = List.copyOf(parts);
  }

  /// Reads a call.
  ///
  /// @param arguments JSON as the agent sent it; what is no JSON is a text
  public static Reading of(String tool, String arguments, Presentation presentation) {
    var name = Disclosure.text(tool);
    JsonNode node;
    try {
      node = Disclosure.visible(Disclosure.masked(Json.parse(arguments)));
    } catch (IOException _) {
      return unread(name, Disclosure.text(arguments));
    }
    var shape = Shape.of(name, node);
    var parts = parts(node, shape, presentation);
    return new Reading(
        headline(name, node, shape, presentation), ordered(parts, presentation), Json.pretty(node));
  }

  private static Reading unread(String tool, String text) {
    var parts =
        text.isEmpty() ? List.<Part>of() : List.<Part>of(new Part.Text("", "arguments.txt", text));
    return new Reading(Headline.of(Headline.Kind.CALL, Shape.line(tool)), parts, text);
  }

  private static List<Part> parts(JsonNode node, Shape shape, Presentation presentation) {
    var parts = new Partition(shape, presentation, true).of(node);
    if (parts.size() > MOST_PARTS) {
      parts = new Partition(shape, presentation, false).of(node);
    }
    return parts.size() > MOST_PARTS ? List.of(Partition.json("", node)) : parts;
  }

  private static List<Part> ordered(List<Part> parts, Presentation presentation) {
    var first = presentation.first();
    return first.isEmpty()
        ? parts
        : parts.stream().sorted(Comparator.comparingInt(part -> rank(part, first))).toList();
  }

  private static int rank(Part part, List<String> first) {
    return part instanceof Part.Table table
        ? table.rows().stream().mapToInt(row -> Partition.rank(row.name(), first)).min().orElse(0)
        : Partition.rank(part.label(), first);
  }

  private static Headline headline(
      String tool, JsonNode arguments, Shape shape, Presentation presentation) {
    return presentation
        .headline()
        .map(words -> filled(words, arguments))
        .map(words -> Headline.of(Headline.Kind.OWN, Shape.line(tool), words))
        .orElse(shape.headline());
  }

  private static String filled(String words, JsonNode arguments) {
    return PLACE
        .matcher(words)
        .replaceAll(
            place ->
                java.util.regex.Matcher.quoteReplacement(
                    Shape.line(value(arguments, place.group(1)))));
  }

  /// A path through objects; `…` where it leads nowhere.
  private static String value(JsonNode arguments, String path) {
    var node = arguments;
    for (var name : path.split("\\.", -1)) {
      node = node.path(name);
    }
    return node.isMissingNode() ? "…" : node.isTextual() ? node.textValue() : Json.text(node);
  }
}
