package io.approvalhub.slack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.Text;
import io.approvalhub.kit.Words;
import io.approvalhub.kit.Words.Fact;
import io.approvalhub.kit.Words.Timed;
import io.approvalhub.kit.parts.Fitting;
import io.approvalhub.kit.parts.Fitting.Attachment;
import io.approvalhub.kit.parts.Fitting.Room;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Part;
import java.text.BreakIterator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One approval in Block Kit.
///
/// Whatever an agent or a person wrote stands in plain or rich text, where Slack looks neither for
/// markup nor for mentions.
final class SlackMessages {

  /// Names the dialog that asks for a reason, the block in it and the field in that.
  static final String REASON = "reason";

  private static final int HEADER = 150;
  private static final int LABEL = 75;
  private static final int REASON_LENGTH = 3_000;

  /// Slack shows it in the reader's own time zone, and today's date as `today`.
  private static final String TIME = "{date_short_pretty} {time}";

  // Weights: Slack refuses a message whose blocks come to some 13,000 characters of its own JSON.
  private static final int STATUS = 2_000;
  private static final int WHY = 1_200;
  private static final int HEADLINE = 1_000;
  private static final int FACT = 300;
  private static final int VOTES = 1_200;
  private static final int PARTS = 4_000;
  private static final int FOLDED = 350;
  private static final int POST = 8_000;
  private static final int MOST_POSTS = 20;

  private final Approval approval;
  private final Words words;
  private final Instant now;
  private final Fitting fitting;

  SlackMessages(Approval approval, Words words, Instant now) {
    this.approval = approval;
    this.words = words;
    this.now = now;
    var room =
        Room.of(FACT, PARTS)
            .facts(fact -> fact == Fact.REASON ? WHY : FACT)
            .length(SlackMessages::weight)
            .size(part -> weight(elements(part)))
            .attachable(files -> posts(files).size() <= MOST_POSTS);
    var whole = Fitting.of(approval, words, room);
    fitting =
        approval.pending()
            ? whole
            : whole.folded(words, Room.of(FACT, FOLDED).size(SlackMessages::height));
  }

  /// How much of the screen a part takes, in characters: a short line takes as much as twenty.
  private static int height(Part part) {
    var lines = (int) part.text().lines().count();
    return part.label().length() + part.text().length() + 20 * lines;
  }

  /// The text of notifications and screen readers.
  String summary() {
    return Text.mrkdwn(words.notice(approval));
  }

  /// The message itself.
  ///
  /// @param threadStands whether [#thread] was posted; the approve buttons wait for it
  ArrayNode card(boolean threadStands) {
    var blocks = Json.array();
    blocks.add(approval.pending() ? header() : outcome());
    var call = Json.array();
    if (approval.pending()) {
      loud(call);
    } else {
      call.add(section(literal(Text.fit(approval.headline(), HEADLINE, SlackMessages::weight))));
    }
    fitting.pieces().forEach(piece -> call.addAll(elements(piece.shown())));
    if (!call.isEmpty()) {
      blocks.add(rich(call));
    }
    fitting
        .note(words, threadStands && !fitting.isEdited(), words.text("place.thread"))
        .ifPresent(note -> blocks.add(plainSection(note)));
    votes().ifPresent(votes -> blocks.add(rich(Json.array().add(section(literal(votes))))));
    words
        .expiry(approval, now)
        .ifPresent(expiry -> blocks.add(rich(Json.array().add(timed(expiry)))));
    blocks.add(quiet());
    var actions = fitting.actions(threadStands);
    if (!actions.isEmpty()) {
      blocks.add(buttons(actions));
    }
    return blocks;
  }

  /// What the card had to cut, in full, in messages of their own. Empty when nothing was cut, or
  /// when it is too much for a thread.
  List<Post> thread() {
    return fitting.attachable() ? posts(fitting.attachments()) : List.of();
  }

  /// A message of the thread.
  ///
  /// @param summary the text of notifications and screen readers
  record Post(String summary, ArrayNode blocks) {}

  /// The dialog that asks why. It says nothing of the approval, since it opens for whoever clicks.
  static ObjectNode dialog(Words words, String memory) {
    var field = Json.object().put("type", "plain_text_input").put("action_id", REASON);
    field.put("multiline", true).put("max_length", REASON_LENGTH);
    var input = Json.object().put("type", "input").put("block_id", REASON);
    input.set("label", plain(words.text("reason.question")));
    input.set("element", field);
    var view = Json.object().put("type", "modal").put("callback_id", REASON);
    view.put("private_metadata", memory);
    view.set("title", plain(words.text("reason.title")));
    view.set("submit", plain(words.text("reason.submit")));
    view.set("close", plain(words.text("reason.cancel")));
    view.set("blocks", Json.array().add(input));
    return view;
  }

  /// Words for one person alone.
  static ArrayNode answer(String words) {
    return Json.array().add(plainSection(words));
  }

  private ObjectNode header() {
    return text("header", Text.fit(words.heading(approval), HEADER));
  }

  private ObjectNode outcome() {
    var line = section(bold(Text.fit(words.status(approval), STATUS, SlackMessages::weight)));
    words
        .where(approval)
        .ifPresent(
            where -> {
              var elements = line.withArray("elements");
              elements.add(literal(" · "));
              timed(where).path("elements").forEach(elements::add);
            });
    return rich(Json.array().add(line));
  }

  /// How risky it is, and why it is asked.
  private void loud(ArrayNode call) {
    var lines = Json.array();
    for (var fact : fitting.loud()) {
      if (fact.label().isEmpty()) {
        lines.add(bold(fact.shown() + "\n"));
      } else {
        lines.add(bold(fact.label() + ": ")).add(literal(fact.shown() + "\n"));
      }
    }
    if (!lines.isEmpty()) {
      call.add(section(lines));
    }
  }

  private Optional<String> votes() {
    return Optional.of(String.join("\n", words.votes(approval)))
        .filter(votes -> !votes.isEmpty())
        .map(votes -> Text.fit(votes, VOTES, SlackMessages::weight));
  }

  private ObjectNode quiet() {
    var facts = new ArrayList<String>();
    for (var fact : fitting.quiet()) {
      facts.add(fact.label() + ": " + fact.shown());
    }
    facts.add(words.text("label.id") + ": " + approval.id());
    var block = Json.object().put("type", "context");
    block.putArray("elements").add(plain(String.join(" · ", facts)));
    return block;
  }

  /// A part as rich text.
  private ArrayNode elements(Part part) {
    var elements = Json.array();
    var label = words.label(part);
    if (!label.isEmpty()) {
      elements.add(section(bold(label)));
    }
    if (part instanceof Part.Table table) {
      var rows = Json.array();
      for (var row : table.rows()) {
        if (!row.name().isEmpty()) {
          rows.add(bold(row.name() + ": "));
        }
        rows.add(literal(row.value() + "\n"));
      }
      return elements.add(section(rows));
    }
    return elements.add(preformatted(part.text().isEmpty() ? " " : part.text()));
  }

  private ObjectNode timed(Timed timed) {
    var date = Json.object().put("type", "date").put("timestamp", timed.at().getEpochSecond());
    date.put("format", TIME).put("fallback", words.time(timed.at(), now));
    var elements = Json.array();
    if (!timed.before().isEmpty()) {
      elements.add(literal(timed.before()));
    }
    elements.add(date);
    if (!timed.after().isEmpty()) {
      elements.add(literal(timed.after()));
    }
    return section(elements);
  }

  private ObjectNode buttons(List<Action> actions) {
    var block = Json.object().put("type", "actions");
    var elements = block.putArray("elements");
    for (var action : actions) {
      var data = approval.button(action);
      var button = Json.object().put("type", "button").put("action_id", data).put("value", data);
      button.set("text", plain(Text.fit(words.button(action, approval), LABEL)));
      style(action).ifPresent(style -> button.put("style", style));
      elements.add(button);
    }
    return block;
  }

  private static Optional<String> style(Action action) {
    return switch (action) {
      case APPROVE -> Optional.of("primary");
      case DENY -> Optional.of("danger");
      case APPROVE_AND_REMEMBER, DENY_WITH_REASON -> Optional.empty();
    };
  }

  private static ObjectNode plainSection(String text) {
    return text("section", Text.fit(text, STATUS, SlackMessages::weight));
  }

  private static ObjectNode section(JsonNode... elements) {
    return section(Json.array().addAll(List.of(elements)));
  }

  private static ObjectNode section(ArrayNode elements) {
    return Json.object().put("type", "rich_text_section").set("elements", elements);
  }

  private static ObjectNode text(String type, String text) {
    var block = Json.object().put("type", type);
    block.set("text", plain(text));
    return block;
  }

  private static ObjectNode plain(String text) {
    return Json.object().put("type", "plain_text").put("text", text).put("emoji", false);
  }

  private static ObjectNode rich(ArrayNode elements) {
    return Json.object().put("type", "rich_text").set("elements", elements);
  }

  private static ObjectNode preformatted(String text) {
    var element = Json.object().put("type", "rich_text_preformatted");
    element.putArray("elements").add(literal(text));
    return element;
  }

  private static ObjectNode bold(String text) {
    var element = literal(text);
    element.putObject("style").put("bold", true);
    return element;
  }

  private static ObjectNode literal(String text) {
    return Json.object().put("type", "text").put("text", text);
  }

  private List<Post> posts(List<Attachment> files) {
    var posts = new ArrayList<Post>();
    for (var file : files) {
      var texts = texts(file.text());
      for (var index = 0; index < texts.size(); index++) {
        posts.add(post(file, texts.get(index), index + 1, texts.size()));
      }
    }
    return posts;
  }

  private Post post(Attachment file, String text, int number, int of) {
    var name = of == 1 ? file.name() : words.text("slack.part", file.name(), number, of);
    var heading = file.label().isEmpty() ? name : name + " · " + file.label();
    var blocks = Json.array().add(section(bold(heading))).add(preformatted(text));
    return new Post(Text.mrkdwn(heading), Json.array().add(rich(blocks)));
  }

  private static List<String> texts(String text) {
    var texts = new ArrayList<String>();
    for (var from = 0; from < text.length(); from += texts.getLast().length()) {
      texts.add(text.substring(from, end(text, from)));
    }
    return texts;
  }

  // At the end of a line if there is one in the second half, else between two characters as people
  // see them.
  private static int end(String text, int from) {
    var to = from;
    for (var room = POST; to < text.length(); to = text.offsetByCodePoints(to, 1)) {
      room -= weight(text.codePointAt(to));
      if (room < 0) {
        var line = text.lastIndexOf('\n', to - 1) + 1;
        return line > (from + to) / 2 ? line : boundary(text, from, to);
      }
    }
    return to;
  }

  private static int boundary(String text, int from, int to) {
    var characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(text.substring(from, Math.min(text.length(), to + 2)));
    var last = characters.isBoundary(to - from) ? to - from : characters.preceding(to - from);
    return last > 0 ? from + last : to;
  }

  private static int weight(String text) {
    return text.codePoints().map(SlackMessages::weight).sum();
  }

  /// The same of JSON that is written already.
  private static int weight(JsonNode json) {
    return Json.text(json)
        .codePoints()
        .map(point -> point == '"' || point == '\\' ? 1 : weight(point))
        .sum();
  }

  // How many characters Slack's JSON spends on it.
  private static int weight(int character) {
    return switch (character) {
      case '"', '\\', '/', '\n', '\t' -> 2;
      default -> character >= ' ' && character < 127 ? 1 : 6 * Character.charCount(character);
    };
  }
}
