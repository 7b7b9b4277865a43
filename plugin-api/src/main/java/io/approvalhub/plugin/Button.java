package io.approvalhub.plugin;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a button carries: which approval in which channel, and what pressing it means.
///
/// As text it is at most 64 ASCII characters of `[A-Za-z0-9_:-]`, which fits every platform's
/// callback data. It holds nothing of the approval itself.
///
/// @param token the [Approval#token] of the message
/// @param action what the button stands for
public record Button(String token, Action action) {

  private static final Pattern DATA = Pattern.compile("ah:(.):([A-Za-z0-9_-]{22})");

  /// The text to put on the platform's button.
  public String data() {
    return "ah:" + action.code() + ":" + token;
  }

  /// Reads what a click brought back. Empty for anything that [#data] did not write, since a click
  /// may come from a forged or foreign button. A button that parses is still only a claim:
  /// [Hub#decide] looks the token up.
  public static Optional<Button> parse(String data) {
    var match = DATA.matcher(data);
    return match.matches() ? of(match.group(1), match.group(2)) : Optional.empty();
  }

  private static Optional<Button> of(String code, String token) {
    return Stream.of(Action.values())
        .filter(action -> code.equals(String.valueOf(action.code())))
        .findFirst()
        .map(action -> new Button(token, action));
  }
}
