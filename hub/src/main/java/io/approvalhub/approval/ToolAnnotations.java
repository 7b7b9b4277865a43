package io.approvalhub.approval;

import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Hint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a tool says of itself, as the annotations of an MCP server do. Nobody has checked it.
///
/// @param title its name for people
/// @param hints each once, in the order of their declaration
public record ToolAnnotations(Optional<String> title, List<Hint> hints) {

  /// It says nothing.
  public static final ToolAnnotations NONE = new ToolAnnotations(Optional.empty(), List.of());

  public ToolAnnotations {
    hints = hints.stream().distinct().sorted().toList();
  }

  /// As it is stored; empty when it says nothing.
  String text() {
    if (equals(NONE)) {
      return "";
    }
    var object = Json.object();
    title.ifPresent(text -> object.put("title", text));
    var names = object.putArray("hints");
    hints.forEach(hint -> names.add(hint.name()));
    return Json.text(object);
  }

  /// Reads what [#text] wrote.
  static ToolAnnotations of(String text) {
    if (text.isEmpty()) {
      return NONE;
    }
    try {
      var object = Json.parse(text);
      var hints = new ArrayList<Hint>();
      object.path("hints").forEach(name -> hints.add(Hint.valueOf(name.asText())));
      return new ToolAnnotations(Optional.ofNullable(object.path("title").textValue()), hints);
    } catch (IOException e) {
      throw new IllegalStateException("the annotations of a tool cannot be read", e);
    }
  }
}
