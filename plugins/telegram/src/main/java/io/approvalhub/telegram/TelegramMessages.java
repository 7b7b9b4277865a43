package io.approvalhub.telegram;

import io.approvalhub.kit.Text;
import io.approvalhub.kit.Words;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Ending;
import io.approvalhub.plugin.Person;
import io.approvalhub.plugin.Verdict;
import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.InlineKeyboardMarkup;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.buttons.InlineKeyboardButton;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.buttons.InlineKeyboardRow;

/// What is said in the chat. Telegram makes mentions, links and commands of whatever looks like
/// one, except in code: what others wrote is therefore always code.
final class TelegramMessages {

  // Together with the labels less than 3,900 characters; Telegram takes 4,096.
  private static final int MOST_HEADING = 600;
  private static final int MOST_REASON = 500;
  private static final int MOST_FACT = 120;
  private static final int MOST_ARGUMENTS = 1_800;

  private static final int MOST_LABEL = 64;
  private static final int MOST_NAME = 64;

  /// Words that Telegram has no reason to make anything of.
  private static final Pattern HARMLESS =
      Pattern.compile("(?:[\\w\\p{L}\\p{M}\\p{Zs},;:()·…'’-]|\\.(?=\\p{Zs}|$))*");

  private TelegramMessages() {}

  /// The approval as it is now.
  static Markup message(Approval approval) {
    var heading = approval.pending() ? Words.title(approval) : Words.status(approval);
    return new Markup()
        .words(Text.fit(heading, MOST_HEADING))
        .text("\n")
        .all(facts(approval))
        .text(file(approval).isEmpty() ? "\n" : "\nAll arguments are in the file above.\n")
        .all(arguments(approval));
  }

  /// All that is known about the call, where the message cannot hold it.
  static Optional<String> file(Approval approval) {
    var facts = Words.facts(approval);
    var fits =
        approval.arguments().length() <= MOST_ARGUMENTS
            && facts.entrySet().stream()
                .allMatch(fact -> fact.getValue().length() <= most(fact.getKey()));
    return fits
        ? Optional.empty()
        : Optional.of(
            facts.entrySet().stream()
                .map(fact -> fact.getKey() + ": " + fact.getValue() + "\n")
                .collect(Collectors.joining("", "", "\n" + approval.arguments() + "\n")));
  }

  /// What the file is.
  static Markup caption(Approval approval) {
    return new Markup()
        .text("The whole request to call ")
        .code(Text.fit(approval.tool(), MOST_FACT))
        .text(". It can be decided below.");
  }

  /// One row for each verdict; empty when there is nothing to decide.
  static Optional<InlineKeyboardMarkup> buttons(Approval approval) {
    var rows = new ArrayList<InlineKeyboardRow>();
    for (var verdict : Verdict.values()) {
      var row = new InlineKeyboardRow();
      approval.actions().stream()
          .filter(action -> action.verdict() == verdict)
          .map(action -> button(approval, action))
          .forEach(row::add);
      if (!row.isEmpty()) {
        rows.add(row);
      }
    }
    return rows.isEmpty() ? Optional.empty() : Optional.of(new InlineKeyboardMarkup(rows));
  }

  /// Asks a person for a reason. [TelegramClicks] finds the person and the token again in what it
  /// quotes.
  static Markup question(Person person, String token) {
    return new Markup()
        .mention(Text.fit(person.name(), MOST_NAME), person.id())
        .text(", why is this denied? Reply to this message; your words go to the agent.\n")
        .code(token);
  }

  /// An answer to a person.
  static Markup answer(String words) {
    return new Markup().words(words);
  }

  private static Markup facts(Approval approval) {
    var facts = new Markup();
    Words.facts(approval)
        .forEach((label, value) -> facts.fact(label, Text.fit(value, most(label))));
    return facts.fact("Id", approval.id());
  }

  private static int most(String label) {
    return label.equals("Reason") ? MOST_REASON : MOST_FACT;
  }

  private static Markup arguments(Approval approval) {
    var edited = approval.ending().flatMap(Ending::edited);
    if (edited.isEmpty()) {
      return new Markup().block(Text.fit(approval.arguments(), MOST_ARGUMENTS));
    }
    return new Markup()
        .block(Text.fit(approval.arguments(), MOST_ARGUMENTS / 2))
        .text("\nApproved with these arguments instead:\n")
        .block(Text.fit(edited.get(), MOST_ARGUMENTS / 2));
  }

  private static InlineKeyboardButton button(Approval approval, Action action) {
    return InlineKeyboardButton.builder()
        .text(Text.fit(Words.button(action, approval), MOST_LABEL))
        .callbackData(approval.button(action))
        .style(action.verdict() == Verdict.APPROVE ? "success" : "danger")
        .build();
  }

  /// A text twice: as HTML for Telegram, and as people read it.
  static final class Markup {

    private final StringBuilder html = new StringBuilder();
    private final StringBuilder plain = new StringBuilder();

    String html() {
      return html.toString();
    }

    String plain() {
      return plain.toString();
    }

    private Markup text(String ours) {
      return tagged("", ours, "");
    }

    private Markup code(String text) {
      return tagged("<code>", text, "</code>");
    }

    private Markup block(String text) {
      return tagged("<pre>", text, "</pre>");
    }

    private Markup mention(String name, String person) {
      return tagged("<a href=\"tg://user?id=" + person + "\">", name, "</a>");
    }

    private Markup fact(String label, String value) {
      return tagged("<b>", label, "</b>").text(": ").code(value).text("\n");
    }

    private Markup words(String text) {
      return HARMLESS.matcher(text).matches() ? tagged("<b>", text, "</b>") : code(text);
    }

    private Markup all(Markup other) {
      html.append(other.html);
      plain.append(other.plain);
      return this;
    }

    private Markup tagged(String start, String text, String end) {
      html.append(start).append(Text.html(text)).append(end);
      plain.append(text);
      return this;
    }
  }
}
