package io.approvalhub.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Optional;

/// What a value that comes from outside must keep to, so that each part of the hub bears it: both
/// databases, every platform, every receiver of an event. Checked once, where it comes in.
public final class Bounds {

  /// How deep a value may be nested. The strictest JSON readers in wide use take 64 levels; what is
  /// wrapped around a value, in an event or a list, is among them.
  public static final int DEPTH = 60;

  /// How many characters a value may have as people read it: indented, and with everything visible.
  public static final int RENDERED = 4_000_000;

  /// How many digits a number may have when it is written out. Some readers write it out.
  public static final int DIGITS = 1_000;

  private static final int NAME = 40;

  private Bounds() {}

  /// Reads a value as [Json#parse(byte[])] does and checks it.
  ///
  /// @param where what the value is called in the message
  public static JsonNode read(byte[] json, String where) throws OutOfBoundsException {
    return read(() -> Json.parse(json), where);
  }

  /// Reads a value as [Json#parse(String)] does and checks it.
  ///
  /// @param where what the value is called in the message
  public static JsonNode read(String json, String where) throws OutOfBoundsException {
    return read(() -> Json.parse(json), where);
  }

  private static JsonNode read(Parse parse, String where) throws OutOfBoundsException {
    JsonNode value;
    try {
      value = parse.value();
    } catch (MalformedJsonException e) {
      throw new OutOfBoundsException(where + e.path(), e.problem());
    } catch (IOException _) {
      throw new OutOfBoundsException(where, "is malformed");
    }
    check(value, where);
    return value;
  }

  /// Checks a value that was read: its depth, its size for people, its numbers, and that every text
  /// in it can be stored.
  ///
  /// @param where what the value is called in the message
  public static void check(JsonNode value, String where) throws OutOfBoundsException {
    var fault = fault(value, 0);
    if (fault.isPresent()) {
      throw new OutOfBoundsException(where + fault.get().path, fault.get().problem);
    }
    if (rendered(value, 0) > RENDERED) {
      throw new OutOfBoundsException(
          where, "has more than %,d characters when it is shown to people".formatted(RENDERED));
    }
  }

  /// Checks that a text can be stored; see [Text#storable].
  ///
  /// @param where what the text is called in the message
  public static void check(String text, String where) throws OutOfBoundsException {
    var problem = problem(text);
    if (problem.isPresent()) {
      throw new OutOfBoundsException(where, problem.get());
    }
  }

  /// How many characters [Disclosure#visible] makes of [Json#pretty], without making them. Only for
  /// values that are not nested deeper than [#DEPTH].
  static long rendered(JsonNode value, int level) {
    return switch (value) {
      case ObjectNode object -> {
        var size = container(object.size(), level);
        for (var property : object.properties()) {
          size += quoted(property.getKey()) + 2 + rendered(property.getValue(), level + 1);
        }
        yield size;
      }
      case ArrayNode array -> {
        var size = container(array.size(), level);
        for (var item : array) {
          size += rendered(item, level + 1);
        }
        yield size;
      }
      default -> value.isTextual() ? quoted(value.textValue()) : value.asText().length();
    };
  }

  /// The path within `where`, as in `.env[3]`.
  static String step(String name) {
    return "." + Text.fit(Disclosure.text(name), NAME);
  }

  static String step(int index) {
    return "[" + index + "]";
  }

  private static Optional<Fault> fault(JsonNode value, int level) {
    return switch (value) {
      case ObjectNode object -> level < DEPTH ? inObject(object, level) : tooDeep();
      case ArrayNode array -> level < DEPTH ? inArray(array, level) : tooDeep();
      default ->
          (value.isTextual() ? problem(value.textValue()) : number(value))
              .map(problem -> new Fault("", problem));
    };
  }

  private static Optional<Fault> inObject(ObjectNode object, int level) {
    for (var property : object.properties()) {
      var name = property.getKey();
      var fault =
          problem(name)
              .map(problem -> new Fault("", "has a name that " + problem))
              .or(() -> fault(property.getValue(), level + 1));
      if (fault.isPresent()) {
        return fault.map(inner -> inner.below(step(name)));
      }
    }
    return Optional.empty();
  }

  private static Optional<Fault> inArray(ArrayNode array, int level) {
    for (var index = 0; index < array.size(); index++) {
      var fault = fault(array.get(index), level + 1);
      if (fault.isPresent()) {
        var step = step(index);
        return fault.map(inner -> inner.below(step));
      }
    }
    return Optional.empty();
  }

  private static Optional<Fault> tooDeep() {
    return Optional.of(new Fault("", "is nested more than %d levels deep".formatted(DEPTH)));
  }

  private static Optional<String> problem(String text) {
    var at = Text.unstorable(text);
    return at < 0
        ? Optional.empty()
        : Optional.of("holds the character U+%04X".formatted((int) text.charAt(at)));
  }

  private static Optional<String> number(JsonNode value) {
    if (!value.isNumber()) {
      return Optional.empty();
    }
    if ((value.isDouble() || value.isFloat()) && !Double.isFinite(value.doubleValue())) {
      return Optional.of("is not a number");
    }
    return digits(value.decimalValue()) > DIGITS
        ? Optional.of("is a number of more than %,d digits".formatted(DIGITS))
        : Optional.empty();
  }

  private static long digits(BigDecimal number) {
    long scale = number.scale();
    return number.precision() + Math.abs(scale);
  }

  private static long container(int size, int level) {
    return size == 0 ? 2 : 2 + size * (1L + 2 * (level + 1)) + (size - 1) + 1 + 2L * level;
  }

  private static long quoted(String text) {
    var size = 2L;
    var before = -1;
    for (var i = 0; i < text.length(); i += Character.charCount(before)) {
      var point = text.codePointAt(i);
      size += size(point, before);
      before = point;
    }
    return size;
  }

  private static int size(int point, int before) {
    if (point == '"' || point == '\\' || (point >= '\b' && point <= '\r' && point != 0x0B)) {
      return 2;
    }
    if (point < ' ') {
      return 6;
    }
    return Disclosure.hidden(point, before)
        ? 4 + Math.max(4, Integer.toHexString(point).length())
        : Character.charCount(point);
  }

  @FunctionalInterface
  private interface Parse {
    JsonNode value() throws IOException;
  }

  private record Fault(String path, String problem) {

    Fault below(String step) {
      return new Fault(step + path, problem);
    }
  }
}
