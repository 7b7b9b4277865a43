package io.approvalhub.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What people may see of what an agent sent: no secrets, and nothing that cannot be seen.
///
/// It never drops anything without saying so, and a mask never hides what would run.
public final class Disclosure {

  /// How every mask begins; how long what it covers is follows.
  public static final String MASK = "[masked";

  private static final Pattern FLAG = Pattern.compile("--?[\\w-]{1,60}");

  private Disclosure() {}

  /// Arguments of a tool call for people: indented, masked, and everything visible. What is no
  /// JSON is treated as a text.
  public static String arguments(String json) {
    try {
      return visible(Json.pretty(masked(Json.parse(json))));
    } catch (IOException _) {
      return text(json);
    }
  }

  /// A plain text for people: masked, and everything visible.
  public static String text(String text) {
    return visible(Masks.masked(text));
  }

  /// Writes out what people would not see or would see in the wrong place: control characters but
  /// line feed and tab, bidirectional controls, characters of no width, tags, half surrogates.
  public static String visible(String text) {
    if (text.chars().allMatch(Disclosure::plain)) {
      return text;
    }
    var visible = new StringBuilder(text.length());
    var before = -1;
    for (var point : text.codePoints().toArray()) {
      if (hidden(point, before)) {
        visible.append(String.format(Locale.ROOT, "[U+%04X]", point));
      } else {
        visible.appendCodePoint(point);
      }
      before = point;
    }
    return visible.toString();
  }

  /// The same value with everything visible in its texts and names: JSON would write some of it as
  /// escapes, and whoever reads that has the character again.
  public static JsonNode visible(JsonNode node) {
    return switch (node) {
      case TextNode text -> TextNode.valueOf(visible(text.textValue()));
      case ArrayNode array -> {
        var items = Json.array();
        array.forEach(item -> items.add(visible(item)));
        yield items;
      }
      case ObjectNode object -> {
        var properties = Json.object();
        var copies = new HashMap<String, Integer>();
        for (var property : object.properties()) {
          var name = unused(properties, visible(property.getKey()), copies);
          properties.set(name, visible(property.getValue()));
        }
        yield properties;
      }
      default -> node;
    };
  }

  /// The same value with masks over secrets, known by the name of their property or by their form.
  /// A value under the name of a secret is masked as a whole; within any other text, a mask covers
  /// nothing that could be run, see [Masks].
  public static JsonNode masked(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> maskedObject(object);
      case ArrayNode array -> maskedArray(array);
      case TextNode text -> TextNode.valueOf(Masks.masked(text.textValue()));
      default -> node;
    };
  }

  private static ObjectNode maskedObject(ObjectNode object) {
    var masked = Json.object();
    var copies = new HashMap<String, Integer>();
    var named = pairNamesSecret(object);
    for (var property : object.properties()) {
      var name = property.getKey();
      var value = property.getValue();
      var secret =
          (SecretNames.secret(name) && !(value.isNumber() && SecretNames.count(name)))
              || (named && name.equalsIgnoreCase("value"));
      masked.set(unused(masked, Masks.masked(name), copies), secret ? hide(value) : masked(value));
    }
    return masked;
  }

  private static ArrayNode maskedArray(ArrayNode array) {
    var masked = Json.array();
    var words = new CommandWords();
    for (var item : array) {
      var word = item.isTextual() ? item.textValue() : "";
      masked.add(
          item.isTextual() && words.leadToSecret()
              ? TextNode.valueOf(Masks.word(word, words.leaveInDoubt()))
              : masked(item));
      words.add(word);
    }
    return masked;
  }

  /// Whether the object is a pair such as `{"name": "API_KEY", "value": …}`.
  private static boolean pairNamesSecret(ObjectNode object) {
    return Stream.of("name", "key", "header")
        .map(object::path)
        .anyMatch(name -> name.isTextual() && SecretNames.secret(name.textValue()));
  }

  /// Absent, empty and yes-or-no values give nothing away.
  private static JsonNode hide(JsonNode value) {
    if (value.isNull() || value.isBoolean() || (value.isContainerNode() && value.isEmpty())) {
      return value;
    }
    if (value.isContainerNode()) {
      var texts = new StringBuilder();
      collect(value, texts);
      return TextNode.valueOf(Masks.whole(Json.text(value), texts.toString()));
    }
    return value.asText().isEmpty() ? value : TextNode.valueOf(Masks.whole(value.asText()));
  }

  private static void collect(JsonNode value, StringBuilder texts) {
    value.properties().forEach(property -> texts.append(property.getKey()));
    value.forEach(item -> collect(item, texts));
    texts.append(value.asText());
  }

  /// Two names must not become one: the second property would hide the first.
  private static String unused(ObjectNode object, String name, Map<String, Integer> copies) {
    var unused = name;
    while (object.has(unused)) {
      unused = name + " (" + (copies.merge(name, 1, Integer::sum) + 1) + ")";
    }
    return unused;
  }

  private static boolean plain(int unit) {
    return (unit >= ' ' && unit <= '~') || unit == '\n';
  }

  /// Whether a character would not be seen, or be seen in the wrong place.
  static boolean hidden(int point, int before) {
    return switch (Character.getType(point)) {
      case Character.CONTROL -> point != '\n' && point != '\t';
      case Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> ignorable(point) && !(point == 0xFE0F && Character.isExtendedPictographic(before));
    };
  }

  /// Letters and marks that Unicode lets a renderer leave out.
  private static boolean ignorable(int point) {
    return point == 0x034F
        || point == 0x115F
        || point == 0x1160
        || point == 0x17B4
        || point == 0x17B5
        || (point >= 0x180B && point <= 0x180F)
        || point == 0x3164
        || (point >= 0xFE00 && point <= 0xFE0F)
        || point == 0xFFA0
        || (point >= 0xE0000 && point <= 0xE0FFF);
  }

  /// The words of a command so far.
  private static final class CommandWords {

    private String last = "";
    private String secondLast = "";
    private boolean endsFlags;
    private boolean runsOthers;

    void add(String word) {
      endsFlags |= word.equals("--");
      runsOthers |= Commands.runsOthers(word);
      secondLast = last;
      last = word;
    }

    boolean leadToSecret() {
      return FLAG.matcher(last).matches() && SecretNames.secretFlag(last);
    }

    /// Whether the next word may be run, or is what something is done to.
    boolean leaveInDoubt() {
      return endsFlags || (runsOthers && secondLast.startsWith("-"));
    }
  }
}
