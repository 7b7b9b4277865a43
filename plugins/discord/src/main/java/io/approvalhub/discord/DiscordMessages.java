package io.approvalhub.discord;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.Text;
import io.approvalhub.kit.Words;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Ending;
import io.approvalhub.plugin.Outcome;
import io.approvalhub.plugin.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
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

  private static final int FENCE = 8;
  private static final int MOST_FILES = 8 << 20;
  private static final Set<String> LONG = Set.of("Reason", "Status");

  private DiscordMessages() {}

  /// A message that is to appear once, however often it is sent.
  static Card post(Approval approval) {
    var card = card(approval);
    card.payload.put("nonce", approval.token()).put("enforce_nonce", true);
    return card;
  }

  /// A message as it is now, files included: an edit that names no files keeps none.
  static Card card(Approval approval) {
    var files = new ArrayList<File>();
    var texts = texts(approval, files);
    var fits = files.stream().mapToLong(file -> file.bytes().length).sum() <= MOST_FILES;
    if (!fits) {
      files.clear();
      texts.add(text("**This is too large to attach, so nobody can approve it here.**"));
    }
    files.forEach(file -> texts.add(file.component()));
    buttons(approval, fits, texts);
    var container = component(17).put("accent_color", colour(approval.status()));
    return new Card(message(container.set("components", texts), files), files);
  }

  /// The answer to a click: nothing that needs saying, or a line that only the person sees.
  static ObjectNode answer(Outcome outcome) {
    return outcome instanceof Outcome.Recorded ? callback(6) : whisper(Words.answer(outcome));
  }

  /// The dialog that asks why.
  static ObjectNode dialog(String data) {
    var input =
        component(4)
            .put("custom_id", DiscordClicks.REASON)
            .put("style", 2)
            .put("min_length", 1)
            .put("max_length", 3000);
    var label = component(18).put("label", "Reason").put("description", "The agent is told.");
    var dialog = callback(9);
    dialog
        .putObject("data")
        .put("custom_id", data)
        .put("title", "Deny with reason")
        .putArray("components")
        .add(label.set("component", input));
    return dialog;
  }

  /// The answer to a click that could not be taken.
  static ObjectNode failure() {
    return whisper("The hub could not take that. Please press again.");
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

  /// What there is to read; whatever is cut goes into `files` in full.
  private static ArrayNode texts(Approval approval, List<File> files) {
    var title = "### " + escaped(Words.title(approval), 300);
    var details = details(approval, files);
    var arguments = arguments(approval, MOST_TEXT - title.length() - details.length(), files);
    return Json.array().add(text(title)).add(text(details)).add(text(arguments));
  }

  private static String details(Approval approval, List<File> files) {
    var details = Words.facts(approval);
    if (!approval.pending()) {
      details.put("Status", Words.status(approval));
    }
    if (!details.entrySet().stream().allMatch(DiscordMessages::fits)) {
      files.add(
          new File(
              "details.txt", lines(details, entry -> entry.getKey() + ": " + entry.getValue())));
    }
    return lines(
        details,
        entry -> "**%s** %s".formatted(entry.getKey(), escaped(entry.getValue(), most(entry))));
  }

  private static String arguments(Approval approval, int room, List<File> files) {
    var arguments = approval.ending().flatMap(Ending::edited).orElse(approval.arguments());
    var fence = Text.codeFence(arguments);
    if (fence.length() <= room) {
      return fence;
    }
    files.add(new File("arguments.json", arguments));
    var cut = Text.codeFence(Text.fit(arguments, room - FENCE));
    // A fence changes a text of nothing but backticks into one of twice the length.
    return cut.length() <= room ? cut : Text.codeFence(Text.fit(arguments, (room - FENCE) / 2));
  }

  private static String lines(
      Map<String, String> details, Function<Map.Entry<String, String>, String> line) {
    return details.entrySet().stream().map(line).collect(Collectors.joining("\n"));
  }

  private static boolean fits(Map.Entry<String, String> detail) {
    return Text.discord(detail.getValue()).length() <= most(detail);
  }

  private static int most(Map.Entry<String, String> detail) {
    return LONG.contains(detail.getKey()) ? 900 : 150;
  }

  private static String escaped(String text, int most) {
    var whole = Text.discord(text);
    // Escaping at worst doubles the length.
    return whole.length() <= most ? whole : Text.discord(Text.fit(text, most / 2));
  }

  private static void buttons(Approval approval, boolean shown, ArrayNode texts) {
    var row = Json.array();
    approval.actions().stream()
        .filter(action -> shown || action.verdict() == Verdict.DENY)
        .forEach(action -> row.add(button(action, approval)));
    if (!row.isEmpty()) {
      texts.add(component(1).set("components", row));
    }
  }

  private static ObjectNode button(Action action, Approval approval) {
    return component(2)
        .put("style", style(action))
        .put("label", Text.fit(Words.button(action, approval), 80))
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

    byte[] bytes() {
      return text.getBytes(StandardCharsets.UTF_8);
    }

    private ObjectNode component() {
      var file = DiscordMessages.component(13);
      file.putObject("file").put("url", "attachment://" + name);
      return file;
    }
  }
}
