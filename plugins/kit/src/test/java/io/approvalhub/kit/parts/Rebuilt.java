package io.approvalhub.kit.parts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The arguments of a call, put together again from what people read. A value that stands nowhere,
/// twice, or in another form than it has, makes other arguments of them, or an error.
final class Rebuilt {

  private final Place top = new Place();

  private Rebuilt() {}

  static JsonNode from(List<Part> parts, JsonNode otherwise) {
    var rebuilt = new Rebuilt();
    parts.forEach(rebuilt::add);
    return parts.isEmpty() ? otherwise : rebuilt.top.value();
  }

  private void add(Part part) {
    switch (part) {
      case Part.Table table ->
          table.rows().forEach(row -> at(row.name()).put(rowValue(row.value())));
      case Part.Code code when code.label().endsWith("[]") ->
          at(code.label().substring(0, code.label().length() - 2)).put(words(code.text()));
      case Part.Code code -> at(code.label()).put(TextNode.valueOf(code.text()));
      case Part.Text text -> at(text.label()).put(TextNode.valueOf(text.text()));
      case Part.Json json when json.quoted() ->
          at(json.label()).put(TextNode.valueOf(Json.text(parse(json.text()))));
      case Part.Json json -> at(json.label()).merge(parse(json.text()));
      case Part.Diff diff -> {
        var sides = diff.label().split(" → ", 2);
        at(sides[0]).put(TextNode.valueOf(side(diff.text(), '-')));
        var after = sides[0].substring(0, sides[0].lastIndexOf(last(sides[0]))) + sides[1];
        at(after).put(TextNode.valueOf(side(diff.text(), '+')));
      }
    }
  }

  private static String last(String path) {
    return path.replaceFirst("^.*[.\\]]", "");
  }

  private static String side(String diff, char sign) {
    return Stream.of(diff.split("\n", -1))
        .filter(line -> line.charAt(0) == ' ' || line.charAt(0) == sign)
        .map(line -> line.substring(1))
        .collect(Collectors.joining("\n"));
  }

  private static JsonNode rowValue(String value) {
    try {
      return Json.parse(value);
    } catch (IOException _) {
      return TextNode.valueOf(value);
    }
  }

  private static JsonNode parse(String json) {
    try {
      return Json.parse(json);
    } catch (IOException e) {
      throw new AssertionError(json, e);
    }
  }

  /// As a shell reads words, if it knows no expansion.
  private static ArrayNode words(String line) {
    var words = Json.array();
    var word = new StringBuilder();
    var isQuoted = false;
    for (var at = 0; at < line.length(); at++) {
      var unit = line.charAt(at);
      if (unit == '\'') {
        isQuoted = !isQuoted;
      } else if (isQuoted) {
        word.append(unit);
      } else if (unit == '\\') {
        word.append(line.charAt(++at));
      } else if (unit == ' ') {
        words.add(word.toString());
        word.setLength(0);
      } else {
        word.append(unit);
      }
    }
    return words.add(word.toString());
  }

  private Place at(String path) {
    var place = top;
    for (var step : steps(path)) {
      place = place.into(step);
    }
    return place;
  }

  private static List<Object> steps(String path) {
    var steps = new ArrayList<Object>();
    var rest = path;
    while (!rest.isEmpty()) {
      if (rest.startsWith("[\"")) {
        var end = closing(rest);
        steps.add(parse(rest.substring(1, end)).textValue());
        rest = rest.substring(end + 1);
      } else if (rest.startsWith("[")) {
        steps.add(Integer.valueOf(rest.substring(1, rest.indexOf(']'))));
        rest = rest.substring(rest.indexOf(']') + 1);
      } else {
        var name = rest.replaceFirst("^\\.", "");
        var end = Stream.of('.', '[').map(name::indexOf).filter(i -> i >= 0).min(Integer::compare);
        steps.add(name.substring(0, end.orElse(name.length())));
        rest = name.substring(end.orElse(name.length()));
      }
    }
    return steps;
  }

  private static int closing(String text) {
    var at = 2;
    while (text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  private static final class Place {

    private final TreeMap<Integer, Place> items = new TreeMap<>();
    private final TreeMap<String, Place> properties = new TreeMap<>();
    private @Nullable JsonNode whole;

    Place into(Object step) {
      if (whole instanceof ObjectNode object && step instanceof String) {
        whole = null;
        object.properties().forEach(entry -> into(entry.getKey()).put(entry.getValue()));
      }
      if (whole != null) {
        throw new AssertionError("both a value and a place of others: " + whole);
      }
      return step instanceof Integer index
          ? items.computeIfAbsent(index, _ -> new Place())
          : properties.computeIfAbsent((String) step, _ -> new Place());
    }

    void put(JsonNode value) {
      if (whole != null || !items.isEmpty() || !properties.isEmpty()) {
        throw new AssertionError("there twice: " + value);
      }
      whole = value;
    }

    void merge(JsonNode value) {
      if (value instanceof ObjectNode object && (!properties.isEmpty())) {
        object.properties().forEach(entry -> into(entry.getKey()).put(entry.getValue()));
      } else {
        put(value);
      }
    }

    JsonNode value() {
      if (whole != null) {
        return whole;
      }
      if (!items.isEmpty()) {
        var array = Json.array();
        for (var index = 0; index < items.size(); index++) {
          array.add(Optional.ofNullable(items.get(index)).orElseThrow().value());
        }
        return array;
      }
      var object = JsonNodeFactory.instance.objectNode();
      properties.forEach((name, place) -> object.set(name, place.value()));
      return object;
    }
  }
}
