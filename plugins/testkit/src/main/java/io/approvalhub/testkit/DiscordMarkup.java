package io.approvalhub.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/// What Discord makes of its markdown: the text that a person reads, and who is notified.
final class DiscordMarkup {

  private static final Pattern VERBATIM =
      Pattern.compile(
          "```(?:[\\w+-]+\\n)?\\n?(.+?)\\n?```|``(.+?)``|`([^`\\n]+)`|\\\\(\\p{Punct})",
          Pattern.DOTALL);
  private static final Pattern LINE_START =
      Pattern.compile("(?m)^(?:-# |#{1,3} |>>> |> |[ \\t]*[-*] |[ \\t]*\\d+\\. )");
  private static final Pattern SPAN =
      Pattern.compile("(\\*{1,3}|__?|~~|\\|\\|)(?=\\S)(.+?)\\1", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\[([^\\]\\n]+)]\\(<?https?:[^)\\s]+>?\\)");
  private static final Pattern ENTITY =
      Pattern.compile(
          "<(?:@[!&]?\\d+|#\\d+|a?:\\w+:\\d+|t:-?\\d+(?::\\w)?|/[\\w -]+:\\d+|id:\\w+)>");
  private static final Pattern PING = Pattern.compile("@(?:everyone|here)|<@([!&]?)\\d+>");

  /// Added to a character that is not markup, so that no pattern takes it for one.
  private static final int SHIFT = 0xE000;

  private DiscordMarkup() {}

  /// The text as a person reads it: markup is gone where it took effect.
  static String plain(String text) {
    var plain = VERBATIM.matcher(text).replaceAll(match -> shifted(firstGroup(match)));
    plain = ENTITY.matcher(plain).replaceAll("");
    plain = LINK.matcher(plain).replaceAll("$1");
    plain = LINE_START.matcher(plain).replaceAll("");
    return unshifted(withoutSpans(plain));
  }

  /// Whom the text would notify, given `allowed_mentions`.
  static List<String> pings(String text, JsonNode allowed) {
    var pings = new ArrayList<String>();
    var matcher = PING.matcher(text);
    while (matcher.find()) {
      if (allows(allowed, kind(matcher))) {
        pings.add(matcher.group());
      }
    }
    return pings;
  }

  private static String withoutSpans(String text) {
    var less = SPAN.matcher(text).replaceAll("$2");
    return less.equals(text) ? text : withoutSpans(less);
  }

  private static String firstGroup(MatchResult match) {
    return IntStream.rangeClosed(1, match.groupCount())
        .mapToObj(match::group)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("");
  }

  private static String shifted(String text) {
    var shifted = new StringBuilder();
    text.chars().forEach(c -> shifted.append((char) (c > ' ' && c < 0x7F ? c + SHIFT : c)));
    return Matcher.quoteReplacement(shifted.toString());
  }

  private static String unshifted(String text) {
    var plain = new StringBuilder();
    text.chars().forEach(c -> plain.append((char) (c > SHIFT && c < SHIFT + 0x7F ? c - SHIFT : c)));
    return plain.toString();
  }

  private static String kind(Matcher ping) {
    var sigil = ping.group(1);
    return sigil == null ? "everyone" : sigil.equals("&") ? "roles" : "users";
  }

  private static boolean allows(JsonNode allowed, String kind) {
    return allowed.isMissingNode()
        || allowed.isNull()
        || StreamSupport.stream(allowed.path("parse").spliterator(), false)
            .anyMatch(item -> item.asText().equals(kind))
        || !allowed.path(kind).isEmpty();
  }
}
