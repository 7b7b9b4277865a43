package io.approvalhub.kit;

import java.nio.charset.StandardCharsets;
import java.text.BreakIterator;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;

/// Making text fit a platform's limits and harmless in its markup.
///
/// Cut first, then escape: a cut may fall inside an escape.
public final class Text {

  private static final Pattern DISCORD_MARKUP = Pattern.compile("[\\\\*_~`|\\[\\]()<>:#@]");
  private static final Pattern DISCORD_LIST = Pattern.compile("(?m)^([ \\t]*)([-+]|\\d+(?=[.)]))");
  private static final Pattern DISCORD_MENTION = Pattern.compile("\\\\@(?=everyone|here)");

  /// In UTF-16 units: families and flags are the longest that are in use.
  private static final int LONGEST_CHARACTER = 64;

  private Text() {}

  /// The text if it has at most `most` UTF-16 units; otherwise its beginning, cut between two
  /// characters as people see them, and without words, since it is read in every language, how many
  /// are missing: `… [+17950]`. Never longer than `most`.
  public static String fit(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    var room = most - cut(text, 0).length();
    return room < 0 ? "…".substring(0, Math.min(1, Math.max(0, most))) : fitted(text, room);
  }

  /// The same, counted otherwise.
  ///
  /// @param length of a text; never less than its UTF-16 units
  public static String fit(String text, int most, ToIntFunction<String> length) {
    if (text.length() <= most && length.applyAsInt(text) <= most) {
      return text;
    }
    var room = Math.max(0, Math.min(text.length() - 1, most));
    return fit(text, greatest(room, keep -> length.applyAsInt(fit(text, keep)) <= most));
  }

  /// The greatest number up to `most` that fits, as far as halving finds it; 0 if none does.
  public static int greatest(int most, IntPredicate fits) {
    var least = 0;
    var room = Math.max(0, most);
    while (least < room) {
      var middle = (least + room + 1) / 2;
      if (fits.test(middle)) {
        least = middle;
      } else {
        room = middle - 1;
      }
    }
    return least;
  }

  /// [#fit(String, int)], counted in bytes of UTF-8.
  public static String utf8Fit(String text, int bytes) {
    if (bytes(text) <= bytes) {
      return text;
    }
    var room = bytes - bytes(cut(text, 0));
    return room < 0 ? (bytes >= bytes("…") ? "…" : "") : fitted(text, units(text, room));
  }

  /// Whether both databases can store the text as it is: PostgreSQL takes no U+0000, and half a
  /// surrogate pair has no UTF-8.
  public static boolean storable(String text) {
    return unstorable(text) < 0;
  }

  /// Where the first character stands that cannot be stored; -1 when all can.
  static int unstorable(String text) {
    for (var i = 0; i < text.length(); i++) {
      var unit = text.charAt(i);
      if (unit == 0 || Character.isLowSurrogate(unit)) {
        return i;
      }
      if (Character.isHighSurrogate(unit)) {
        if (i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  /// Escaped for HTML, in text and in quoted attributes.
  public static String html(String text) {
    return mrkdwn(text).replace("\"", "&quot;").replace("'", "&#39;");
  }

  /// Escaped for Slack, where nothing else can make a mention or a link with a name.
  public static String mrkdwn(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /// Escaped for Discord: no markup, link, timestamp or mention takes effect.
  public static String discord(String text) {
    var plain = DISCORD_MARKUP.matcher(text).replaceAll("\\\\$0");
    var noLists =
        DISCORD_LIST.matcher(plain).replaceAll(match -> list(match.group(1), match.group(2)));
    // Discord looks for @everyone before it looks at backslashes.
    return DISCORD_MENTION.matcher(noLists).replaceAll("@\u200b");
  }

  /// The text as a block between triple backticks, which nothing in the text can end.
  public static String codeFence(String text) {
    return codeFence(text, "");
  }

  /// The same, highlighted.
  ///
  /// @param language as highlighters name it; empty for none
  public static String codeFence(String text, String language) {
    return "```" + language + "\n" + text.replaceAll("`(?=`)", "`\u200b") + "\n```";
  }

  private static String list(String indent, String marker) {
    var escaped = Character.isDigit(marker.charAt(0)) ? marker + "\\\\" : "\\\\" + marker;
    return indent + escaped;
  }

  private static String fitted(String text, int room) {
    var end = boundary(text, room);
    return text.substring(0, end) + cut(text, end);
  }

  private static String cut(String text, int end) {
    var missing = text.codePointCount(end, text.length());
    return "… [+" + missing + "]";
  }

  /// The last place up to `room` that is not inside a character as people see it.
  public static int boundary(String text, int room) {
    var characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    // Two units more show whether the place itself is inside one.
    var window = text.substring(0, Math.min(text.length(), room + 2));
    characters.setText(window);
    return characters.isBoundary(room) ? room : Math.max(0, characters.preceding(room));
  }

  /// The first place from `from` on that is not inside a character as people see it.
  public static int next(String text, int from) {
    if (from <= 0 || from >= text.length()) {
      return Math.clamp(from, 0, text.length());
    }
    var start = boundary(text, Math.max(0, from - LONGEST_CHARACTER));
    var characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(text.substring(start, Math.min(text.length(), from + LONGEST_CHARACTER)));
    var at = from - start;
    return start + (characters.isBoundary(at) ? at : characters.following(at));
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static int units(String text, int bytes) {
    var end = 0;
    var used = 0;
    while (end < text.length()) {
      var next = text.offsetByCodePoints(end, 1);
      used += bytes(text.substring(end, next));
      if (used > bytes) {
        return end;
      }
      end = next;
    }
    return end;
  }
}
