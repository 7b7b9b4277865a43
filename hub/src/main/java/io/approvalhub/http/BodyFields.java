package io.approvalhub.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Bounds;
import io.approvalhub.kit.Disclosure;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.OutOfBoundsException;
import java.io.IOException;
import java.util.Optional;
import java.util.TreeSet;

/// The fields of a JSON object that a client sent. What is wrong with one ends the request with a
/// 422 that names it; so does a field that nobody read, since a misspelt one must not be ignored.
public final class BodyFields {

  private static final int LONGEST_NAME = 60;
  private static final int LONGEST_PLACE = 100;

  private final JsonNode object;
  private final String prefix;
  private final TreeSet<String> known = new TreeSet<>();

  private BodyFields(JsonNode object, String prefix) {
    this.object = object;
    this.prefix = prefix;
  }

  /// Reads a body, as far as everything behind can bear it; an empty one has no fields.
  public static BodyFields of(byte[] body) {
    try {
      return object(body.length == 0 ? Json.object() : Bounds.read(body, ""), "the body");
    } catch (OutOfBoundsException e) {
      throw invalid(e);
    }
  }

  /// Reads an item of a body that [#parse] has read.
  public static BodyFields of(JsonNode item, String where) {
    try {
      Bounds.check(item, "");
      return object(item, where);
    } catch (OutOfBoundsException e) {
      throw invalid(e);
    }
  }

  /// Reads a body of any JSON, whose items are checked one by one.
  public static JsonNode parse(byte[] body) {
    try {
      return Json.parse(body);
    } catch (IOException e) {
      throw ProblemException.invalid("the body cannot be read: " + e.getMessage());
    }
  }

  public String text(String name, int longest) {
    return optionalText(name, longest).orElseThrow(() -> missing(name));
  }

  /// A text that may be absent, null or blank.
  public Optional<String> optionalText(String name, int longest) {
    var value = value(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual() || value.textValue().length() > longest) {
      throw ProblemException.invalid(
          path(name) + " must be a text of at most " + longest + " characters");
    }
    return Optional.of(value.textValue()).filter(text -> !text.isBlank());
  }

  public boolean flag(String name) {
    var value = value(name);
    if (value.isMissingNode()) {
      throw missing(name);
    }
    if (!value.isBoolean()) {
      throw ProblemException.invalid(path(name) + " must be true or false");
    }
    return value.booleanValue();
  }

  /// A flag, or `otherwise` when it is absent.
  public boolean flag(String name, boolean otherwise) {
    return value(name).isMissingNode() ? otherwise : flag(name);
  }

  /// A whole number that may be absent or null.
  public Optional<Integer> number(String name, int least, int most) {
    var value = value(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < least
        || value.intValue() > most) {
      throw ProblemException.invalid(
          "%s must be a whole number from %d to %d".formatted(path(name), least, most));
    }
    return Optional.of(value.intValue());
  }

  public JsonNode object(String name) {
    return optionalObject(name).orElseThrow(() -> missing(name));
  }

  /// A JSON object that may be absent or null.
  public Optional<JsonNode> optionalObject(String name) {
    var value = value(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isObject()) {
      throw ProblemException.invalid(path(name) + " must be a JSON object");
    }
    return Optional.of(value);
  }

  /// The fields of a JSON object in a field that may be absent or null.
  public Optional<BodyFields> fields(String name) {
    return optionalObject(name).map(node -> new BodyFields(node, path(name) + "."));
  }

  /// Ends the request when there is a field that was not read. Called after all others.
  public void refuseUnknown() {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                throw ProblemException.invalid(
                    path(quoted(name)) + " is not a field; there are " + known);
              }
            });
  }

  /// Ends the request when a text that did not come in a body holds what one of the databases would
  /// refuse and the other change.
  public static void requireStorable(String name, String text) {
    try {
      Bounds.check(text, name);
    } catch (OutOfBoundsException e) {
      throw ProblemException.invalid(e.where() + " " + e.problem());
    }
  }

  /// A name that a client made up, as an answer may repeat it.
  public static String quoted(String name) {
    var visible = Disclosure.visible(name);
    return visible.length() > LONGEST_NAME ? visible.substring(0, LONGEST_NAME) + "…" : visible;
  }

  private static BodyFields object(JsonNode node, String where) {
    if (!node.isObject()) {
      throw ProblemException.invalid(where + " must be a JSON object");
    }
    return new BodyFields(node, "");
  }

  private static ProblemException invalid(OutOfBoundsException e) {
    return ProblemException.invalid(place(e.where()) + " " + e.problem());
  }

  /// The first steps are enough: a deep one has a thousand.
  private static String place(String where) {
    if (where.isEmpty()) {
      return "the body";
    }
    var path = where.startsWith(".") ? where.substring(1) : where;
    return path.length() > LONGEST_PLACE ? path.substring(0, LONGEST_PLACE) + "…" : path;
  }

  private JsonNode value(String name) {
    known.add(name);
    return object.path(name);
  }

  private ProblemException missing(String name) {
    return ProblemException.invalid(path(name) + " is required");
  }

  private String path(String name) {
    return prefix + name;
  }
}
