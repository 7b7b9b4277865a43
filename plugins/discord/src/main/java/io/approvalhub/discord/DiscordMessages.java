package io.approvalhub.discord;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
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
import io.approvalhub.plugin.Outcome;
import io.approvalhub.plugin.Part;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// What Discord is sent for an approval.
///
/// The card is made of components, not an embed: a person who switched embeds off would see buttons
/// without what they approve.
final class DiscordMessages {

  private static final int COMPONENTS_V2 = 1 << 15;
  private static final int EPHEMERAL = 1 << 6;

  /// Discord takes 4,000 characters, markup included, of all texts together.
  private static final int MOST_TEXT = 3_950;

  private static final int MOST_HEADLINE = 400;
  private static final int MOST_STATUS = 900;
  private static final int MOST_REASON = 900;
  private static final int MOST_FACT = 150;
  private static final int MOST_VOTES = 500;
  private static final int MOST_NOTE = 300;
  private static final int FOLDED = 350;

  private static final int MOST_FILES = 10;
  private static final int MOST_BYTES = 8 << 20;

  private final Approval approval;
  private final Words words;
  private final Instant now;
  private final Fitting fitting;

  private DiscordMessages(Approval approval, Words words, Instant now) {
    this.approval = approval;
    this.words = words;
    this.now = now;
    var room =
        Room.of(MOST_FACT, 0)
            .facts(fact -> fact == Fact.REASON ? MOST_REASON : MOST_FACT)
            .length(text -> Text.discord(text).length())
            .parts(facts -> MOST_TEXT - MOST_NOTE - frame(facts))
            .size(part -> part(part).length() + 1)
            .attachable(files -> bytes(files) <= MOST_BYTES);
    var whole = Fitting.of(approval, words, room);
    fitting = approval.pending() ? whole : whole.folded(words, room.parts(facts -> FOLDED));
  }

  /// A message that is to appear once, however often it is sent.
  static Card post(Approval approval, Words words, Instant now) {
    var card = card(approval, words, now);
    card.payload.put("nonce", approval.token()).put("enforce_nonce", true);
    return card;
  }

  /// A message as it is now, files included: an edit that names no files keeps none.
  static Card card(Approval approval, Words words, Instant now) {
    return new DiscordMessages(approval, words, now).card();
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

  private Card card() {
    var files = files();
    var components = Json.array();
    var call = Json.array();
    var target = approval.pending() ? call : components;
    target.add(text(head()));
    if (!fitting.pieces().isEmpty()) {
      call.add(text(parts()));
    }
    note().ifPresent(note -> call.add(text("**" + Text.discord(note) + "**")));
    files.forEach(file -> call.add(file.component()));
    if (approval.pending()) {
      call.add(text(tail(fitting.facts())));
      buttons(call);
    }
    if (!call.isEmpty()) {
      var container = component(17).put("accent_color", colour());
      if (!approval.pending()) {
        // Nobody has to see it again who does not want to.
        container.put("spoiler", true);
      }
      components.add(container.set("components", call));
    }
    if (!approval.pending()) {
      components.add(text(tail(fitting.facts())));
    }
    return new Card(message(components, files), files);
  }

  private static ObjectNode message(ArrayNode components, List<File> files) {
    var message = Json.object().put("flags", COMPONENTS_V2);
    message.set("allowed_mentions", nobody());
    message.set("components", components);
    var attachments = message.putArray("attachments");
    for (var file : files) {
      attachments
          .addObject()
          .put("id", String.valueOf(attachments.size() - 1))
          .put("filename", file.name);
    }
    return message;
  }

  /// How long all of it is but for the parts and what is said of them.
  private int frame(List<Line> facts) {
    return head(facts).length() + tail(facts).length();
  }

  private String head() {
    return head(fitting.facts());
  }

  /// What the agent wants, how risky it is and why; or how it ended.
  private String head(List<Line> facts) {
    if (!approval.pending()) {
      var where = words.where(approval).map(at -> " · " + timed(at, "f")).orElse("");
      return "**%s**%s\n%s"
          .formatted(
              escaped(words.status(approval), MOST_STATUS),
              where,
              escaped(approval.headline(), MOST_HEADLINE));
    }
    var lines = new ArrayList<String>();
    lines.add("### " + escaped(words.heading(approval), MOST_HEADLINE));
    facts.stream()
        .filter(line -> !line.fact().isQuiet())
        .map(DiscordMessages::fact)
        .forEach(lines::add);
    return String.join("\n", lines);
  }

  /// Who has voted, until when it waits, and what nobody has to read.
  private String tail(List<Line> facts) {
    var lines = new ArrayList<String>();
    var votes = escaped(String.join("\n", words.votes(approval)), MOST_VOTES);
    votes.lines().forEach(lines::add);
    words.liveExpiry(approval, now).ifPresent(expiry -> lines.add(timed(expiry, "R")));
    var quiet = new ArrayList<String>();
    facts.stream()
        .filter(line -> line.fact().isQuiet())
        .map(DiscordMessages::fact)
        .forEach(quiet::add);
    quiet.add("**%s:** %s".formatted(words.text("label.id"), approval.id()));
    lines.add("-# " + String.join(" · ", quiet));
    return String.join("\n", lines);
  }

  private static String fact(Line line) {
    // A line break would end what begins with this line.
    var shown = line.fact().isQuiet() ? line.shown().replace("\n", " ") : line.shown();
    return line.label().isEmpty()
        ? "**" + Text.discord(shown) + "**"
        : "**" + line.label() + ":** " + Text.discord(shown);
  }

  private String parts() {
    return fitting.pieces().stream()
        .map(piece -> part(piece.shown()))
        .collect(Collectors.joining("\n"));
  }

  private String part(Part part) {
    var label = Text.discord(words.label(part));
    var heading = label.isEmpty() ? "" : "**" + label + "**\n";
    return heading
        + switch (part) {
          case Part.Code code -> Text.codeFence(code.text(), code.language());
          case Part.Diff diff -> Text.codeFence(diff.text(), "diff");
          case Part.Json json -> Text.codeFence(json.text(), "json");
          case Part.Text text -> Text.codeFence(text.text());
          case Part.Table table ->
              table.rows().stream().map(DiscordMessages::row).collect(Collectors.joining("\n"));
        };
  }

  private static String row(Part.Row row) {
    var value = Text.discord(row.value());
    return row.name().isEmpty() ? value : "**" + Text.discord(row.name()) + ":** " + value;
  }

  private Optional<String> note() {
    return fitting.note(words, true, words.text("place.attached"));
  }

  private static String timed(Timed timed, String style) {
    var time = "<t:%d:%s>".formatted(timed.at().getEpochSecond(), style);
    return Text.discord(timed.before()) + time + Text.discord(timed.after());
  }

  /// Whatever is cut, in full.
  private List<File> files() {
    if (!fitting.attachable()) {
      return List.of();
    }
    var files = fitting.attachments();
    return (files.size() <= MOST_FILES ? files : List.of(fitting.request(words)))
        .stream().map(file -> new File(file.name(), file.text())).toList();
  }

  private static long bytes(List<Attachment> files) {
    return files.stream()
        .mapToLong(file -> file.text().getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }

  private static String escaped(String text, int most) {
    var whole = Text.discord(text);
    // Escaping at worst doubles the length.
    return whole.length() <= most ? whole : Text.discord(Text.fit(text, most / 2));
  }

  private void buttons(ArrayNode components) {
    var row = Json.array();
    fitting.actions(true).forEach(action -> row.add(button(action)));
    if (!row.isEmpty()) {
      components.add(component(1).set("components", row));
    }
  }

  private ObjectNode button(Action action) {
    return component(2)
        .put("style", style(action))
        .put("label", Text.fit(words.button(action, approval), 80))
        .put("custom_id", approval.button(action));
  }

  private static int style(Action action) {
    return switch (action) {
      case APPROVE -> 3;
      case DENY -> 4;
      case APPROVE_AND_REMEMBER, DENY_WITH_REASON -> 2;
    };
  }

  private int colour() {
    return switch (approval.status()) {
      case PENDING -> colour(approval.risk());
      case APPROVED -> 0x23A55A;
      case DENIED -> 0xF23F43;
      case CANCELLED, EXPIRED -> 0x80848E;
    };
  }

  private static int colour(String risk) {
    return switch (risk.toLowerCase(Locale.ROOT)) {
      case "low" -> 0x57C77B;
      case "high" -> 0xE67E22;
      case "critical" -> 0xED4245;
      default -> 0xF0B232;
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
