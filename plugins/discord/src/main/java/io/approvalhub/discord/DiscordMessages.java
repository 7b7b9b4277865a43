package io.approvalhub.discord;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Fitting;
import io.approvalhub.kit.Fitting.Part;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.Text;
import io.approvalhub.kit.Words;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What Discord is sent for an approval.
///
/// The card is made of components, not an embed: a person who switched embeds off would see buttons
/// without what they approve.
final class DiscordMessages {

  private static final int COMPONENTS_V2 = 1 << 15;
  private static final int EPHEMERAL = 1 << 6;
  /// Discord takes 4,000 characters; the rest is for the line that says what is missing.
  private static final int MOST_TEXT = 3900;

  private static final int MOST_FILES = 8 << 20;

  private DiscordMessages() {}

  /// A message that is to appear once, however often it is sent.
  static Card post(Approval approval, Words words) {
    var card = card(approval, words);
    card.payload.put("nonce", approval.token()).put("enforce_nonce", true);
    return card;
  }

  /// A message as it is now, files included: an edit that names no files keeps none.
  static Card card(Approval approval, Words words) {
    var fitting = fitting(approval, words);
    var texts = texts(fitting);
    var files = files(fitting);
    fitting
        .note(true, words.text("place.attached"))
        .ifPresent(note -> texts.add(text("**" + note + "**")));
    files.forEach(file -> texts.add(file.component()));
    buttons(fitting, texts);
    var container = component(17).put("accent_color", colour(approval.status()));
    return new Card(message(container.set("components", texts), files), files);
  }

  /// The answer to a click: nothing that needs saying, or a line that only the person sees.
  static ObjectNode answer(Outcome outcome, Words words) {
    return outcome instanceof Outcome.Recorded ? callback(6) : whisper(words.answer(outcome));
  }

  /// The dialog that asks why.
  static ObjectNode dialog(String data, Words words) {
    var input =
        component(4)
            .put("custom_id", DiscordClicks.REASON)
            .put("style", 2)
            .put("min_length", 1)
            .put("max_length", 3000);
    var label =
        component(18)
            .put("label", words.text("reason.label"))
            .put("description", words.text("reason.told"));
    var dialog = callback(9);
    dialog
        .putObject("data")
        .put("custom_id", data)
        .put("title", words.text("reason.title"))
        .putArray("components")
        .add(label.set("component", input));
    return dialog;
  }

  /// The answer to a click that could not be taken.
  static ObjectNode failure(Words words) {
    return whisper(words.text("discord.failed"));
  }

  private static ObjectNode whisper(String text) {
    var whisper = callback(4);
    whisper
        .putObject("data")
        .put("content", escaped(text, 2000))
        .put("flags", EPHEMERAL)
        .set("allowed_mentions", nobody());
    return whisper;
  }

  private static ObjectNode message(ObjectNode container, List<File> files) {
    var message = Json.object().put("flags", COMPONENTS_V2);
    message.set("allowed_mentions", nobody());
    message.putArray("components").add(container);
    var attachments = message.putArray("attachments");
    for (var file : files) {
      attachments
          .addObject()
          .put("id", String.valueOf(attachments.size() - 1))
          .put("filename", file.name);
    }
    return message;
  }

  private static Fitting fitting(Approval approval, Words words) {
    var facts = words.details(approval);
    var status = words.text("discord.status");
    if (!approval.pending()) {
      facts.put(status, words.status(approval));
    }
    var isLong = Set.of(status, words.text("label.reason"));
    var room =
        Fitting.Room.of(0, 0)
            .facts(label -> isLong.contains(label) ? 900 : 150)
            .arguments(
                parts -> MOST_TEXT - title(approval, words).length() - details(parts).length())
            .length(text -> Text.discord(text).length())
            .argumentLength(text -> Text.codeFence(text).length())
            .attachable(cut -> cut.getBytes(StandardCharsets.UTF_8).length <= MOST_FILES);
    return Fitting.of(approval, words, facts, room);
  }

  private static ArrayNode texts(Fitting fitting) {
    return Json.array()
        .add(text(title(fitting.approval(), fitting.words())))
        .add(text(details(fitting.facts())))
        .add(text(Text.codeFence(fitting.arguments().shown())));
  }

  private static String title(Approval approval, Words words) {
    return "### " + escaped(words.title(approval), 300);
  }

  private static String details(List<Part> facts) {
    return facts.stream()
        .map(fact -> "**%s** %s".formatted(fact.label(), Text.discord(fact.shown())))
        .collect(Collectors.joining("\n"));
  }

  /// Whatever is cut, in full.
  private static List<File> files(Fitting fitting) {
    var files = new ArrayList<File>();
    if (fitting.attachable() && !fitting.facts().stream().allMatch(Part::whole)) {
      var details = fitting.facts().stream().map(fact -> fact.label() + ": " + fact.text());
      files.add(new File("details.txt", details.collect(Collectors.joining("\n"))));
    }
    if (fitting.attachable() && !fitting.arguments().whole()) {
      files.add(new File("arguments.json", fitting.arguments().text()));
    }
    return files;
  }

  private static String escaped(String text, int most) {
    var whole = Text.discord(text);
    // Escaping at worst doubles the length.
    return whole.length() <= most ? whole : Text.discord(Text.fit(text, most / 2));
  }

  private static void buttons(Fitting fitting, ArrayNode texts) {
    var row = Json.array();
    fitting.actions(true).forEach(action -> row.add(button(action, fitting)));
    if (!row.isEmpty()) {
      texts.add(component(1).set("components", row));
    }
  }

  private static ObjectNode button(Action action, Fitting fitting) {
    var approval = fitting.approval();
    return component(2)
        .put("style", style(action))
        .put("label", Text.fit(fitting.words().button(action, approval), 80))
        .put("custom_id", approval.button(action));
  }

  private static int style(Action action) {
    return switch (action) {
      case APPROVE -> 3;
      case DENY -> 4;
      case APPROVE_AND_REMEMBER, DENY_WITH_REASON -> 2;
    };
  }

  private static int colour(Approval.Status status) {
    return switch (status) {
      case PENDING -> 0xF0B232;
      case APPROVED -> 0x23A55A;
      case DENIED -> 0xF23F43;
      case CANCELLED, EXPIRED -> 0x80848E;
    };
  }

  private static ObjectNode text(String content) {
    return component(10).put("content", content);
  }

  private static ObjectNode component(int type) {
    return Json.object().put("type", type);
  }

  private static ObjectNode callback(int type) {
    return Json.object().put("type", type);
  }

  /// Nobody is notified, whatever the text says.
  private static ObjectNode nobody() {
    var nobody = Json.object();
    nobody.putArray("parse");
    return nobody;
  }

  /// A message and the files that go with it.
  record Card(ObjectNode payload, List<File> files) {}

  /// A text to be attached.
  record File(String name, String text) {

    private ObjectNode component() {
      var file = DiscordMessages.component(13);
      file.putObject("file").put("url", "attachment://" + name);
      return file;
    }
  }
}
