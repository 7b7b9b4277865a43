package io.approvalhub.api;

import io.approvalhub.approval.ToolAnnotations;
import io.approvalhub.http.BodyFields;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Hint;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What a tool says of itself, in the words of MCP. A hint that is absent counts as false: of what
/// a tool does not say, nobody is told.
final class AnnotationsJson {

  private static final String FIELD = "tool_annotations";
  private static final String TITLE = "title";
  private static final int LONGEST_TITLE = 200;

  private static final Map<Hint, String> NAMES =
      new EnumMap<>(
          Map.of(
              Hint.READ_ONLY, "readOnlyHint",
              Hint.DESTRUCTIVE, "destructiveHint",
              Hint.IDEMPOTENT, "idempotentHint",
              Hint.OPEN_WORLD, "openWorldHint"));

  private AnnotationsJson() {}

  /// Reads them from a request, where they may be absent.
  static ToolAnnotations read(BodyFields request) {
    return request.fields(FIELD).map(AnnotationsJson::annotations).orElse(ToolAnnotations.NONE);
  }

  /// @param text makes a text sayable to who gets it
  /// @return nothing when the tool says nothing
  static Optional<RawJson> written(ToolAnnotations annotations, UnaryOperator<String> text) {
    if (annotations.equals(ToolAnnotations.NONE)) {
      return Optional.empty();
    }
    var object = Json.object();
    annotations.title().ifPresent(title -> object.put(TITLE, text.apply(title)));
    annotations.hints().forEach(hint -> object.put(NAMES.get(hint), true));
    return Optional.of(new RawJson(object));
  }

  private static ToolAnnotations annotations(BodyFields fields) {
    var title = fields.optionalText(TITLE, LONGEST_TITLE);
    var hints =
        NAMES.entrySet().stream()
            .filter(hint -> fields.flag(hint.getValue(), false))
            .map(Map.Entry::getKey)
            .toList();
    fields.refuseUnknown();
    return new ToolAnnotations(title, hints);
  }
}
