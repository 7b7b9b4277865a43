package io.approvalhub.telegram;

import io.approvalhub.kit.Fitting;
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

  private final Approval approval;
  private final Words words;
  private final Fitting fitting;

  TelegramMessages(Approval approval, Words words) {
    this.approval = approval;
    this.words = words;
    // Of edited arguments the originals stand beside the others.
    var edited = approval.ending().flatMap(Ending::edited).isPresent();
    var most = edited ? MOST_ARGUMENTS / 2 : MOST_ARGUMENTS;
    fitting = Fitting.of(approval, words, Fitting.Room.of(0, most).facts(this::most));
  }

  /// The approval as it is now.
  Markup message() {
    var heading = approval.pending() ? words.title(approval) : words.status(approval);
    var note = fitting.note(!fitting.edited(), words.text("place.file"));
    return new Markup()
        .words(Text.fit(heading, MOST_HEADING))
        .text("\n")
        .all(facts())
        .text(note.map(text -> "\n" + text + "\n").orElse("\n"))
        .all(arguments());
  }

  /// All that is known about the call, where the message cannot hold it.
  Optional<String> file() {
    return fitting.whole() ? Optional.empty() : Optional.of(fitting.request());
  }

  /// What the file is.
  Markup caption() {
    var around = words.text("telegram.caption", "\0").split("\0", -1);
    return new Markup().text(around[0]).code(Text.fit(approval.tool(), MOST_FACT)).text(around[1]);
  }

  /// One row for each verdict; empty when there is nothing to decide.
  Optional<InlineKeyboardMarkup> buttons() {
    var rows = new ArrayList<InlineKeyboardRow>();
    for (var verdict : Verdict.values()) {
      var row = new InlineKeyboardRow();
      fitting.actions(true).stream()
          .filter(action -> action.verdict() == verdict)
          .map(this::button)
          .forEach(row::add);
      if (!row.isEmpty()) {
        rows.add(row);
      }
    }
    return rows.isEmpty() ? Optional.empty() : Optional.of(new InlineKeyboardMarkup(rows));
  }

  /// Asks a person for a reason. [TelegramClicks] finds the person and the token again in what it
  /// quotes.
  static Markup question(Words words, Person person, String token) {
    return new Markup()
        .mention(Text.fit(person.name(), MOST_NAME), person.id())
        .text(words.text("telegram.question", "") + "\n")
        .code(token);
  }

  /// An answer to a person.
  static Markup answer(String words) {
    return new Markup().words(words);
  }

  private Markup facts() {
    var facts = new Markup();
    for (var fact : fitting.facts()) {
      facts.fact(fact.label(), fact.shown());
    }
    return facts.fact(words.text("label.id"), approval.id());
  }

  private int most(String label) {
    return label.equals(words.text("label.reason")) ? MOST_REASON : MOST_FACT;
  }

  private Markup arguments() {
    var arguments = new Markup();
    if (fitting.edited()) {
      arguments
          .block(Text.fit(approval.arguments(), MOST_ARGUMENTS / 2))
          .text("\n" + words.text("telegram.edited") + "\n");
    }
    return arguments.block(fitting.arguments().shown());
  }

  private InlineKeyboardButton button(Action action) {
    return InlineKeyboardButton.builder()
        .text(Text.fit(words.button(action, approval), MOST_LABEL))
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
