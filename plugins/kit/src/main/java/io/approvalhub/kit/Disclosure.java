package io.approvalhub.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What people may see of what an agent sent: no secrets, and nothing that cannot be seen.
///
/// It masks too much rather than too little, and never drops anything without saying so.
public final class Disclosure {

  private static final String MASK = "[masked]";

  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "passw(?:or)?d|passphrase|passcode|secret(?!ar)|token(?!i[sz])|credential|authori[sz]ation"
              + "|cookie|bearer|apikey|(?:private|access|secret|signing|encryption|master|shared"
              + "|account|ssh)key|connectionstring|pwd$|^(?:auth|pass|pin|otp|jwt)$");

  private static final Pattern JOINTS = Pattern.compile("[^a-z0-9]+");

  private static final Pattern COUNT =
      Pattern.compile("tokens?(?:count|limit|usage|budget)?$|^(?:max|min|num|total).*tokens?");

  /// The same names inside a longer text, where they may be written in several words.
  private static final String NAMED =
      "(?:passw(?:or)?d|passphrase|passcode|pwd|secret(?!ar)|token(?!i[sz])|credential"
          + "|authori[sz]ation|cookie|api[_-]?key"
          + "|(?:private|access|secret|signing|encryption|master|shared|account|ssh)[_-]?key)"
          + "[\\w.-]{0,40}";

  private static final String UNMASKED = "(?!\\[masked])";

  private static final Pattern FLAG = Pattern.compile("--?[\\w-]{1,60}");

  private static final List<Masking> MASKINGS =
      List.of(
          masking(
              "(?s)-----BEGIN [A-Z0-9 ]{1,60}-----.*?(?:-----END [A-Z0-9 ]{1,60}-----|\\z)",
              MASK,
              "-----BEGIN "),
          masking(
              "(?i)((?:authorization|cookie)\\s*:\\s*+)" + UNMASKED + "[^\\r\\n\"'\\\\]+",
              "$1" + MASK,
              ":"),
          masking(
              "(?i)(" + NAMED + "\\\\\"\\s{0,9}+:\\s{0,9}+\\\\\")" + UNMASKED + "[^\"\\\\]+",
              "$1" + MASK,
              "\\\""),
          masking(
              "(?i)("
                  + NAMED
                  + "\"?\\s{0,9}+[=:]\\s{0,9}+\")"
                  + UNMASKED
                  + "(?:[^\"\\\\]|\\\\.){1,2000}+",
              "$1" + MASK,
              "\""),
          masking(
              "(?i)(" + NAMED + "[\"']?\\s{0,9}+[=:]\\s{0,9}+')" + UNMASKED + "[^']+",
              "$1" + MASK,
              "'"),
          masking(
              "(?i)("
                  + NAMED
                  + "[\"']?\\s{0,9}+[=:]\\s{0,9}+)"
                  + UNMASKED
                  + "(?:(?:bearer|basic)\\s+)?[^\\s\"'&;,\\\\)}\\]]+",
              "$1" + MASK,
              "=",
              ":"),
          masking(
              "(?i)(--?[a-z-]{0,40}" + NAMED + "\\s{1,9}+)" + UNMASKED + "[^\\s\"'-][^\\s\"']*",
              "$1" + MASK,
              "-"),
          masking(
              "(://[^\\s/@:]{0,200}:)" + UNMASKED + "[^\\s/]{1,500}@", "$1" + MASK + "@", "://"),
          masking(
              "((?:hooks\\.slack\\.com/\\w{1,20}|discord(?:app)?\\.com/api/webhooks)/)[\\w/-]+",
              "$1" + MASK,
              ".com/"),
          masking("(?i)\\b(bearer\\s+)[\\w.~+/=-]{4,}", "$1" + MASK, " "),
          masking("\\b((?i:basic)\\s+)(?=[a-z+/]{0,200}[A-Z0-9=])[\\w+/=-]{8,}", "$1" + MASK, " "),
          masking("\\bey[JI][\\w-]{5,600}\\.[\\w-]{5,}(?:\\.[\\w-]*)?", MASK, "eyJ", "eyI"),
          masking(
              "\\b(?:sk-|whsec_|xapp-|github_pat_|glpat-|npm_|hf_|AIza)[\\w+/=-]{8,}",
              MASK,
              "-",
              "_",
              "AIza"),
          masking("\\b(?:[srp]k_(?:live|test)_|xox[a-z]-|gh[a-z]_)[\\w-]{8,}", MASK, "-", "_"),
          masking("\\b(?:AKIA|ASIA)[A-Z0-9]{12,}", MASK, "AKIA", "ASIA"),
          masking("\\b\\d{6,12}:[\\w-]{30,}", MASK, ":"));

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
    return visible(mask(text));
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

  /// The same value with `[masked]` for secrets, known by the name of their property or by their
  /// form.
  public static JsonNode masked(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> maskedObject(object);
      case ArrayNode array -> maskedArray(array);
      case TextNode text -> TextNode.valueOf(mask(text.textValue()));
      default -> node;
    };
  }

  private static ObjectNode maskedObject(ObjectNode object) {
    var masked = Json.object();
    var named = pairNamesSecret(object);
    for (var property : object.properties()) {
      var name = property.getKey();
      var secret = secret(name, property.getValue()) || (named && name.equalsIgnoreCase("value"));
      masked.set(
          unused(masked, mask(name)),
          secret ? hide(property.getValue()) : masked(property.getValue()));
    }
    return masked;
  }

  private static ArrayNode maskedArray(ArrayNode array) {
    var masked = Json.array();
    var afterFlag = false;
    for (var item : array) {
      masked.add(afterFlag ? hide(item) : masked(item));
      afterFlag =
          item.isTextual()
              && FLAG.matcher(item.textValue()).matches()
              && secret(item.textValue(), item);
    }
    return masked;
  }

  /// Whether the object is a pair such as `{"name": "API_KEY", "value": …}`.
  private static boolean pairNamesSecret(ObjectNode object) {
    return Stream.of("name", "key", "header")
        .map(object::path)
        .anyMatch(name -> name.isTextual() && secret(name.textValue(), name));
  }

  private static boolean secret(String name, JsonNode value) {
    var squashed = JOINTS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("");
    return SECRET_NAME.matcher(squashed).find()
        && !(value.isNumber() && COUNT.matcher(squashed).find());
  }

  /// Absent and yes-or-no values give nothing away.
  private static JsonNode hide(JsonNode value) {
    return value.isNull() || value.isBoolean() || value.isEmpty() && value.isContainerNode()
        ? value
        : TextNode.valueOf(MASK);
  }

  /// Two masked names must not become one: the second property would hide the first.
  private static String unused(ObjectNode object, String name) {
    return object.has(name) ? unused(object, name + "'") : name;
  }

  private static String mask(String text) {
    var masked = text;
    for (var masking : MASKINGS) {
      if (masking.hinted(masked)) {
        masked = masking.secret.matcher(masked).replaceAll(masking.shown);
      }
    }
    return masked;
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

  private static Masking masking(String secret, String shown, String... hints) {
    return new Masking(Pattern.compile(secret), shown.replace("[", "\\["), List.of(hints));
  }

  /// @param hints one of them is in every text that holds such a secret; much cheaper to look for
  private record Masking(Pattern secret, String shown, List<String> hints) {

    boolean hinted(String text) {
      return hints.stream().anyMatch(text::contains);
    }
  }
}
