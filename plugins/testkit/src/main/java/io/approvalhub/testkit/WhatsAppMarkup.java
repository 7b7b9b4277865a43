package io.approvalhub.testkit;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the app on a phone makes of the text of a message.
final class WhatsAppMarkup {

  /// Code comes first, since nothing in it is markup.
  private static final Pattern MARKUP =
      Pattern.compile(
          "(?s:```(?<block>.+?)```)|`(?<code>[^`\n]+)`"
              + style("bold", "\\*")
              + style("italic", "_")
              + style("strike", "~")
              + "|(?m:^> ?(?<quote>.*)$)|(?m:^[*-] (?<item>.*)$)");

  private WhatsAppMarkup() {}

  /// The text as a person reads it.
  static String resolved(String text) {
    return MARKUP.matcher(text).replaceAll(match -> Matcher.quoteReplacement(shown(match)));
  }

  private static String shown(MatchResult match) {
    for (var name : new String[] {"block", "code"}) {
      if (match.group(name) != null) {
        return match.group(name);
      }
    }
    for (var name : new String[] {"bold", "italic", "strike", "quote"}) {
      if (match.group(name) != null) {
        return resolved(match.group(name));
      }
    }
    return "• " + resolved(match.group("item"));
  }

  /// A pair of markers takes effect where it is not inside a word.
  private static String style(String name, String marker) {
    return "|(?<![\\p{L}\\p{N}%1$s])%1$s(?<%2$s>(?=\\S)[^%1$s\n]*?(?<=\\S))%1$s(?![\\p{L}\\p{N}%1$s])"
        .formatted(marker, name);
  }
}
