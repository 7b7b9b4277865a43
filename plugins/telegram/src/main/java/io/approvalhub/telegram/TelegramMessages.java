package io.approvalhub.telegram;

import io.approvalhub.kit.Text;
import io.approvalhub.kit.Words;
import io.approvalhub.kit.Words.Fact;
import io.approvalhub.kit.Words.Timed;
import io.approvalhub.kit.parts.Fitting;
import io.approvalhub.kit.parts.Fitting.Attachment;
import io.approvalhub.kit.parts.Fitting.Line;
import io.approvalhub.kit.parts.Fitting.Room;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Part;
import io.approvalhub.plugin.Person;
import io.approvalhub.plugin.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.InlineKeyboardMarkup;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.buttons.InlineKeyboardButton;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.buttons.InlineKeyboardRow;

/// What is said in the chat. Telegram makes mentions, links and commands of whatever looks like
/// one, except in code: what others wrote is therefore always code.
final class TelegramMessages {

  // Telegram takes 4,096 characters. What may come while it waits has its room from the beginning,
  // so
  // that what was shown in full stays so.
  private static final int MOST_HEADLINE = 300;
  private static final int MOST_STATUS = 600;
  private static final int MOST_REASON = 500;
  private static final int MOST_FACT = 120;
  private static final int MOST_VOTES = 400;
  private static final int MOST_PARTS = 2_500;
  private static final int MOST_FOLDED = 1_500;

  /// What is said of a part besides its name.
  private static final int ROOM_FOR_WORDS = 40;

  private static final int MOST_LABEL = 64;
  private static final int MOST_NAME = 64;

  /// Words that Telegram has no reason to make anything of.
  private static final Pattern HARMLESS =
      Pattern.compile("(?:[\\w\\p{L}\\p{M}\\p{Zs},;:()·…'’-]|\\.(?=\\p{Zs}|$))*");

  private final Approval approval;
  private final Words words;
  private final Instant now;
  private final Fitting fitting;

  TelegramMessages(Approval approval, Words words, Instant now) {
    this.approval = approval;
    this.words = words;
    this.now = now;
    var room =
        Room.of(MOST_FACT, 0)
            .facts(fact -> fact == Fact.REASON ? MOST_REASON : MOST_FACT)
            .parts(facts -> MOST_PARTS - length(facts))
            .size(part -> part.label().length() + ROOM_FOR_WORDS + part.text().length());
    var whole = Fitting.of(approval, words, room);
    fitting = approval.pending() ? whole : whole.folded(words, room.parts(_ -> MOST_FOLDED));
  }

  /// The approval as it is now.
  Markup message() {
    return approval.pending() ? request() : outcome();
  }

  /// What the message cannot hold.
  Optional<Attachment> file() {
    return fitting.file(words);
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

  private Markup request() {
    var request = new Markup();
    var sign = Words.sign(approval);
    request.text(sign.isEmpty() ? "" : sign + " ").words(headline()).text("\n");
    fitting.loud().forEach(fact -> request.all(fact(fact)).text("\n"));
    request.text("\n");
    fitting.pieces().forEach(piece -> request.all(part(piece.shown())).text("\n"));
    note(request);
    votes(request);
    words.liveExpiry(approval, now).ifPresent(expiry -> request.all(timed(expiry, "r")).text("\n"));
    return request.all(quiet());
  }

  private Markup outcome() {
    var outcome = new Markup().words(Text.fit(words.status(approval), MOST_STATUS));
    words.where(approval).ifPresent(where -> outcome.text(" · ").all(timed(where, "dt")));
    outcome.text("\n").quiet(headline()).text("\n");
    if (!fitting.pieces().isEmpty()) {
      outcome.all(folded()).text("\n");
    }
    note(outcome);
    votes(outcome);
    return outcome.all(quiet());
  }

  private String headline() {
    return Text.fit(approval.headline(), MOST_HEADLINE);
  }

  private Markup folded() {
    var call = new Markup();
    for (var piece : fitting.pieces()) {
      var label = words.label(piece.shown());
      if (!label.isEmpty()) {
        call.words(label).text("\n");
      }
      call.code(piece.shown().text()).text("\n");
    }
    return new Markup().within("<blockquote expandable>", call, "</blockquote>");
  }

  private static Markup fact(Line fact) {
    return fact.label().isEmpty()
        ? new Markup().words(fact.shown())
        : new Markup().fact(fact.label(), fact.shown());
  }

  private Markup quiet() {
    var quiet = new Markup();
    for (var fact : fitting.quiet()) {
      quiet.text(fact.label() + ": ").code(fact.shown()).text(" · ");
    }
    return quiet.text(words.text("label.id") + ": ").code(approval.id());
  }

  private void note(Markup message) {
    var place = words.text("place.file");
    fitting.note(words, !fitting.isEdited(), place).ifPresent(note -> message.text(note + "\n"));
  }

  private void votes(Markup message) {
    var votes = Text.fit(String.join("\n", words.votes(approval)), MOST_VOTES);
    votes.lines().forEach(vote -> message.quiet(vote).text("\n"));
  }

  private Markup part(Part part) {
    var markup = new Markup();
    var label = words.label(part);
    if (!label.isEmpty()) {
      markup.words(label).text("\n");
    }
    return switch (part) {
      case Part.Code code -> markup.block(code.text(), code.language());
      case Part.Diff diff -> markup.block(diff.text(), "diff");
      case Part.Json json -> markup.block(json.text(), "json");
      case Part.Text text -> markup.block(text.text(), "");
      case Part.Table table -> rows(markup, table);
    };
  }

  private static Markup rows(Markup markup, Part.Table table) {
    for (var row : table.rows()) {
      if (!row.name().isEmpty()) {
        markup.words(row.name()).text(": ");
      }
      markup.code(row.value()).text("\n");
    }
    return markup;
  }

  /// @param format as Telegram knows it: `r` for how long until then, `dt` for date and time
  private Markup timed(Timed timed, String format) {
    var tag = "<tg-time unix=\"%d\" format=\"%s\">".formatted(timed.at().getEpochSecond(), format);
    return new Markup()
        .text(timed.before())
        .tagged(tag, words.time(timed.at(), now), "</tg-time>")
        .text(timed.after());
  }

  /// What an agent said, which never changes.
  private static int length(List<Line> facts) {
    return facts.stream()
        .filter(line -> line.fact() != Fact.REMEMBERS)
        .mapToInt(line -> line.shown().length())
        .sum();
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

    private Markup block(String text, String language) {
      return language.isEmpty()
          ? tagged("<pre>", text, "</pre>")
          : tagged(
              "<pre><code class=\"language-" + Text.html(language) + "\">", text, "</code></pre>");
    }

    private Markup within(String start, Markup other, String end) {
      html.append(start);
      all(other);
      html.append(end);
      return this;
    }

    private Markup mention(String name, String person) {
      return tagged("<a href=\"tg://user?id=" + person + "\">", name, "</a>");
    }

    private Markup fact(String label, String value) {
      return tagged("<b>", label, "</b>").text(": ").code(value);
    }

    private Markup quiet(String text) {
      return HARMLESS.matcher(text).matches() ? text(text) : code(text);
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
