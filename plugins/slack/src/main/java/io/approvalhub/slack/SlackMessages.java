package io.approvalhub.slack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Fitting;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.Text;
import io.approvalhub.kit.Words;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import java.text.BreakIterator;
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
  private static final int SUMMARY = 300;
  private static final int LABEL = 75;
  private static final int REASON_LENGTH = 3_000;

  // Weights: Slack refuses a message whose blocks come to some 13,000 characters of its own JSON.
  private static final int STATUS = 2_000;
  private static final int FACT = 600;
  private static final int ARGUMENTS = 4_000;
  private static final int PART = 8_000;
  private static final int MOST_PARTS = 20;

  private static final Fitting.Room ROOM =
      Fitting.Room.of(FACT, ARGUMENTS)
          .length(SlackMessages::weight)
          .attachable(cut -> parts(cut).size() <= MOST_PARTS);

  private final Approval approval;
  private final Words words;
  private final Fitting fitting;

  SlackMessages(Approval approval, Words words) {
    this.approval = approval;
    this.words = words;
    this.fitting = Fitting.of(approval, words, ROOM);
  }

  /// The text of notifications and screen readers.
  String summary() {
    var outcome = approval.pending() ? "" : ": " + words.status(approval);
    return Text.mrkdwn(Text.fit(words.title(approval) + outcome, SUMMARY));
  }

  /// The message itself.
  ///
  /// @param threadStands whether [#thread] was posted; the approve buttons wait for it
  ArrayNode card(boolean threadStands) {
    var blocks = Json.array().add(text("header", Text.fit(words.title(approval), HEADER)));
    if (!approval.pending()) {
      blocks.add(section(words.status(approval)));
    }
    blocks.add(details());
    fitting
        .note(threadStands && !fitting.edited(), words.text("place.thread"))
        .ifPresent(note -> blocks.add(section(note)));
    var actions = fitting.actions(threadStands);
    if (!actions.isEmpty()) {
      blocks.add(buttons(actions));
    }
    return blocks;
  }

  /// What the card had to cut, in full, in texts for a message each. Empty when nothing was cut, or
  /// too much for a thread.
  List<String> thread() {
    return fitting.attachable() ? parts(fitting.cut()) : List.of();
  }

  /// One text of the thread as a message.
  static ArrayNode part(String text) {
    return Json.array().add(rich(preformatted(text)));
  }

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
    return Json.array().add(section(words));
  }

  private ObjectNode details() {
    var section = Json.object().put("type", "rich_text_section");
    var elements = section.putArray("elements");
    for (var fact : fitting.facts()) {
      elements.add(bold(fact.label() + ": ")).add(literal(fact.shown() + "\n"));
    }
    if (fitting.edited()) {
      elements.add(bold(words.text("slack.edited")));
    }
    return rich(section, preformatted(fitting.arguments().shown()));
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

  private static ObjectNode section(String text) {
    return text("section", Fitting.cut(text, STATUS, SlackMessages::weight));
  }

  private static ObjectNode text(String type, String text) {
    var block = Json.object().put("type", type);
    block.set("text", plain(text));
    return block;
  }

  private static ObjectNode plain(String text) {
    return Json.object().put("type", "plain_text").put("text", text).put("emoji", false);
  }

  private static ObjectNode rich(JsonNode... elements) {
    var block = Json.object().put("type", "rich_text");
    block.putArray("elements").addAll(List.of(elements));
    return block;
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

  private static List<String> parts(String text) {
    var parts = new ArrayList<String>();
    for (var from = 0; from < text.length(); from += parts.getLast().length()) {
      parts.add(text.substring(from, end(text, from)));
    }
    return parts;
  }

  // At the end of a line if there is one in the second half, else between two characters as people
  // see them.
  private static int end(String text, int from) {
    var to = from;
    for (var room = PART; to < text.length(); to = text.offsetByCodePoints(to, 1)) {
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

  // How many characters Slack's JSON spends on it.
  private static int weight(int character) {
    return switch (character) {
      case '"', '\\', '/', '\n', '\t' -> 2;
      default -> character >= ' ' && character < 127 ? 1 : 6 * Character.charCount(character);
    };
  }
}
