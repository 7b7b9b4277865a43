package io.approvalhub.kit.parts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Part;
import io.approvalhub.plugin.Part.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/// Divides a value into parts: short values into a table, each text of several lines or of code
/// into a part of its own wherever it is, and what is left, nested as it is, into JSON.
final class Partition {

  /// A longer text is not read in a table.
  private static final int LONGEST_ROW = 120;

  /// What is nested deeper is shown as it is nested.
  private static final int DEEPEST = 8;

  private final Shape shape;
  private final Presentation presentation;
  private final boolean unfolds;

  /// @param unfolds whether what is nested may be taken apart
  Partition(Shape shape, Presentation presentation, boolean unfolds) {
    this.shape = shape;
    this.presentation = presentation;
    this.unfolds = unfolds;
  }

  List<Part> of(JsonNode value) {
    if (value.isEmpty() && value.isContainerNode()) {
      return List.of();
    }
    var level = new Level("", value, true);
    if (value instanceof ObjectNode object) {
      level.take(object);
    } else if (value.isArray() && unfolds(value, 0)) {
      level.take(value);
    } else if (value.isArray()) {
      level.nested.add(json("", value));
    } else {
      level.take("", "", value, 0);
    }
    return level.parts();
  }

  /// All of a value as JSON.
  static Part json(String path, JsonNode value) {
    return new Part.Json(path, fileName(path, "json"), Json.pretty(value), false);
  }

  /// Where a path stands in an order; behind all that it names when it is not among it.
  static int rank(String path, List<String> order) {
    for (var place = 0; place < order.size(); place++) {
      var name = order.get(place);
      if (path.equals(name) || path.startsWith(name + ".") || path.startsWith(name + "[")) {
        return place;
      }
    }
    return order.size();
  }

  private boolean unfolds(JsonNode container, int depth) {
    if (!unfolds || depth >= DEEPEST) {
      return false;
    }
    if (container instanceof ObjectNode object) {
      return object.propertyStream().allMatch(property -> Step.canBeNamed(property.getKey()))
          && (!Shape.replacements(object).isEmpty()
              || object.valueStream().anyMatch(item -> holdsBlock(item, depth)));
    }
    return container.valueStream().anyMatch(item -> holdsBlock(item, depth));
  }

  private boolean holdsBlock(JsonNode value, int depth) {
    return value.isContainerNode()
        ? unfolds(value, depth + 1)
        : value.isTextual() && isBlock(value.textValue());
  }

  private static boolean isBlock(String text) {
    return text.contains("\n") || text.length() > LONGEST_ROW;
  }

  private static String fileName(String path, String ending) {
    var name = path.replaceAll("[^A-Za-z0-9]+", "_").replaceAll("^_+|_+$", "");
    var last = name.substring(Math.max(0, name.length() - 50));
    return (last.isEmpty() ? "arguments" : last) + "." + ending;
  }

  /// What an object or a list holds itself, and what is nested in it.
  private final class Level {

    private final String path;
    private final JsonNode value;
    private final boolean isTop;
    private final List<Row> rows = new ArrayList<>();
    private final List<Part> main = new ArrayList<>();
    private final List<Part> blocks = new ArrayList<>();
    private final List<Part> nested = new ArrayList<>();
    private final ObjectNode rest = Json.object();

    Level(String path, JsonNode value, boolean isTop) {
      this.path = path;
      this.value = value;
      this.isTop = isTop;
    }

    void take(ObjectNode object) {
      take(object, 0);
    }

    void take(JsonNode items) {
      take(items, 0);
    }

    List<Part> parts() {
      var parts = new ArrayList<Part>(main);
      if (!rows.isEmpty()) {
        rows.sort(order());
        parts.add(new Part.Table(rows));
      }
      parts.addAll(blocks);
      parts.addAll(nested);
      rest().ifPresent(parts::add);
      return parts;
    }

    private void take(JsonNode container, int depth) {
      if (container instanceof ObjectNode object) {
        var replacements = Shape.replacements(object);
        for (var property : object.properties()) {
          take(property.getKey(), property.getValue(), replacements, depth);
        }
      } else {
        for (var index = 0; index < container.size(); index++) {
          take("", Step.into(path, index), container.path(index), depth);
        }
      }
    }

    private void take(String name, JsonNode item, Map<String, String> replacements, int depth) {
      if (!Step.canBeNamed(name)) {
        rest.set(name, item);
      } else if (replacements.containsKey(name)) {
        blocks.add(diff(name, replacements.get(name)));
      } else if (!replacements.containsValue(name)) {
        take(name, Step.into(path, name), item, depth);
      }
    }

    /// @param name of the value; empty in a list
    private void take(String name, String place, JsonNode item, int depth) {
      if (isTop && shape.main().filter(name::equals).isPresent()) {
        main.add(
            item.isArray()
                ? new Part.Code(
                    place + "[]", Languages.SHELL, fileName(place, "sh"), CommandWords.line(item))
                : text(name, place, item.textValue()));
      } else if (item.isTextual()) {
        if (isBlock(item.textValue()) || (isTop && shape.languages().containsKey(name))) {
          blocks.add(text(name, place, item.textValue()));
        } else {
          rows.add(new Row(place, row(item.textValue())));
        }
      } else if (item.isContainerNode() && unfolds(item, depth)) {
        var level = new Level(place, item, false);
        level.take(item, depth + 1);
        nested.addAll(level.parts());
      } else if (item.isContainerNode() && Json.text(item).length() > LONGEST_ROW) {
        if (name.isEmpty()) {
          nested.add(json(place, item));
        } else {
          rest.set(name, item);
        }
      } else {
        rows.add(new Row(place, Json.text(item)));
      }
    }

    /// What is left of an object, under one heading.
    private Optional<Part> rest() {
      if (rest.isEmpty()) {
        return Optional.empty();
      }
      var only = rest.properties().iterator().next();
      return Optional.of(
          rest.size() == 1 && Step.canBeNamed(only.getKey())
              ? json(Step.into(path, only.getKey()), only.getValue())
              : json(path, rest));
    }

    private Comparator<Row> order() {
      ToIntFunction<Row> own = row -> rank(row.name(), presentation.first());
      ToIntFunction<Row> ours = row -> isTop ? lead(row) : 0;
      return Comparator.comparingInt(own).thenComparingInt(ours);
    }

    private int lead(Row row) {
      var place =
          shape.lead().stream().map(name -> Step.into("", name)).toList().indexOf(row.name());
      return place < 0 ? shape.lead().size() : place;
    }

    private Part diff(String before, String after) {
      var change =
          Differences.between(value.path(before).textValue(), value.path(after).textValue());
      return new Part.Diff(Step.into(path, before) + " → " + after, "change.diff", change);
    }

    private Part text(String name, String place, String text) {
      var language = language(name, place, text);
      if (language.equals("json")) {
        var json = compact(text);
        if (json.isPresent()) {
          return new Part.Json(place, fileName(place, "json"), json.get(), true);
        }
      }
      if (language.isEmpty() && !Languages.isCode(name)) {
        return new Part.Text(place, fileName(place, "txt"), text);
      }
      var named =
          isTop ? Optional.ofNullable(shape.fileNames().get(name)) : Optional.<String>empty();
      return new Part.Code(
          place,
          language,
          named.orElseGet(() -> fileName(place, Languages.ending(language))),
          text);
    }

    private String language(String name, String place, String text) {
      var own = presentation.languages().get(place);
      if (own != null) {
        return own;
      }
      var known = isTop ? shape.languages().get(name) : null;
      return known == null ? ofNeighbour(name, text) : known;
    }

    /// A file beside its path, in a list of files.
    private String ofNeighbour(String name, String text) {
      if (Languages.plain(name).startsWith("content")) {
        for (var beside : List.of("path", "file_path", "filename", "name")) {
          var file = value.path(beside);
          if (file.isTextual()) {
            return Languages.ofFile(file.textValue(), text);
          }
        }
      }
      return Languages.of(name, text);
    }

    /// JSON in a text that would be written just so; else the text is shown as it is.
    private static Optional<String> compact(String text) {
      try {
        var json = Json.parse(text);
        return Json.text(json).equals(text) ? Optional.of(Json.pretty(json)) : Optional.empty();
      } catch (IOException _) {
        return Optional.empty();
      }
    }

    /// A text as it stands in a row: in quotation marks where it could be taken for something else.
    private static String row(String text) {
      return isJson(text) || !text.equals(text.strip()) || text.contains("\t")
          ? Json.text(TextNode.valueOf(text))
          : text;
    }

    private static boolean isJson(String text) {
      try {
        return text.isEmpty() || !Json.parse(text).isMissingNode();
      } catch (IOException _) {
        return false;
      }
    }
  }
}
