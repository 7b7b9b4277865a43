package io.approvalhub.kit;

import io.approvalhub.plugin.Verdict;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Decisions that people write in words.
public final class Replies {

  private static final String ID = "(?:\\s+(?<id>[0-9a-z]{26}))?";

  private static final Pattern APPROVE = words("/?approve(?:@\\w+)?" + ID + "[.!]?");

  private static final Pattern DENY =
      words(
          "/?deny(?:@\\w+)?"
              + ID
              + "(?:[.!]?|\\s*:(?<after>.*)|\\s+because\\b(?<because>.*)|(?<=[0-9a-z]{26})\\s(?<why>.*))");

  private Replies() {}

  /// Understands `approve`, `deny`, `deny because …`, `deny: …`, `/approve <id>`, `/deny <id> why`
  /// and `/approve@bot <id>`. Anything else is empty, however near it comes: a person who wrote
  /// more than this may have meant something else.
  public static Optional<Reply> parse(String text) {
    var approve = APPROVE.matcher(text.strip());
    if (approve.matches()) {
      return Optional.of(new Reply(Verdict.APPROVE, id(approve), Optional.empty()));
    }
    var deny = DENY.matcher(text.strip());
    return deny.matches()
        ? Optional.of(new Reply(Verdict.DENY, id(deny), reason(deny)))
        : Optional.empty();
  }

  private static Optional<String> id(Matcher match) {
    return Optional.ofNullable(match.group("id")).map(id -> id.toLowerCase(Locale.ROOT));
  }

  private static Optional<String> reason(Matcher match) {
    return Optional.ofNullable(match.group("after"))
        .or(() -> Optional.ofNullable(match.group("because")))
        .or(() -> Optional.ofNullable(match.group("why")))
        .map(Replies::withoutBecause)
        .filter(reason -> !reason.isEmpty());
  }

  private static String withoutBecause(String reason) {
    return reason.strip().replaceFirst("^(?i:because)\\s+", "");
  }

  private static Pattern words(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  }

  /// What a person wrote.
  ///
  /// @param id the approval, where it was named
  /// @param reason in the person's words
  public record Reply(Verdict verdict, Optional<String> id, Optional<String> reason) {}
}
