package io.approvalhub.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What Slack refuses in Block Kit: each problem by the path where it lies.
///
/// Slack publishes the limits of the blocks. That all blocks of a message together have one, too,
/// is known from those who met `msg_blocks_too_long`: at some 13,000 characters of JSON.
final class SlackLimits {

  private static final int MESSAGE_JSON = 13_100;
  private static final Map<String, Set<String>> FIELDS =
      Map.ofEntries(
          Map.entry("header", Set.of("text")),
          Map.entry("section", Set.of("text", "fields", "accessory", "expand")),
          Map.entry("divider", Set.of()),
          Map.entry("context", Set.of("elements")),
          Map.entry("actions", Set.of("elements")),
          Map.entry("input", Set.of("label", "element", "hint", "optional", "dispatch_action")),
          Map.entry("rich_text", Set.of("elements")),
          Map.entry("rich_text_section", Set.of("elements")),
          Map.entry("rich_text_preformatted", Set.of("elements", "border")),
          Map.entry("text", Set.of("text", "style")),
          Map.entry("date", Set.of("timestamp", "format", "timezone", "url", "fallback", "style")),
          Map.entry("plain_text", Set.of("text", "emoji")),
          Map.entry("mrkdwn", Set.of("text", "verbatim")),
          Map.entry(
              "button",
              Set.of(
                  "action_id", "text", "value", "url", "style", "confirm", "accessibility_label")),
          Map.entry(
              "plain_text_input",
              Set.of("action_id", "multiline", "min_length", "max_length", "placeholder")),
          Map.entry(
              "modal",
              Set.of("callback_id", "private_metadata", "title", "submit", "close", "blocks")));
  private static final Set<String> STYLES = Set.of("bold", "italic", "strike", "code");

  private final List<String> problems = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();

  private SlackLimits() {}

  /// The problems of the blocks of a message.
  static List<String> message(JsonNode blocks) {
    var limits = new SlackLimits();
    limits.blocks(blocks, "/blocks", 50);
    return List.copyOf(limits.problems);
  }

  /// Whether the blocks of a message are too long together.
  static boolean tooLong(JsonNode blocks) {
    return escaped(Json.text(blocks)) > MESSAGE_JSON;
  }

  /// The problems of a dialog.
  static List<String> view(JsonNode view) {
    var limits = new SlackLimits();
    limits.known(view, "/view");
    limits.refuse(!view.path("type").asText().equals("modal"), "/view/type", "must be modal");
    limits.length(view, "/view", "callback_id", 0, 255);
    limits.length(view, "/view", "private_metadata", 0, 3000);
    for (var label : List.of("title", "submit", "close")) {
      limits.plain(view.path(label), "/view/" + label, 24);
    }
    limits.blocks(view.path("blocks"), "/view/blocks", 100);
    limits.refuse(Json.text(view).length() > 250_000, "/view", "view_too_large");
    return List.copyOf(limits.problems);
  }

  private void blocks(JsonNode blocks, String path, int most) {
    refuse(!blocks.isArray(), path, "must be an array");
    refuse(blocks.size() > most, path, "no more than " + most + " items allowed");
    for (var i = 0; i < blocks.size(); i++) {
      block(blocks.get(i), path + "/" + i);
    }
  }

  private void block(JsonNode block, String path) {
    known(block, path);
    length(block, path, "block_id", 0, 255);
    switch (block.path("type").asText()) {
      case "header" -> plain(block.path("text"), path + "/text", 150);
      case "section" -> section(block, path);
      case "divider" -> {}
      case "context" -> texts(block.path("elements"), path + "/elements", 10, 3000);
      case "actions" -> actions(block.path("elements"), path + "/elements");
      case "rich_text" -> rich(block.path("elements"), path + "/elements");
      case "input" -> input(block, path);
      default -> refuse(true, path + "/type", "unsupported type");
    }
  }

  private void section(JsonNode block, String path) {
    refuse(block.path("text").isEmpty() && block.path("fields").isEmpty(), path, "has no text");
    if (block.has("text")) {
      text(block.path("text"), path + "/text", 3000);
    }
    if (block.has("fields")) {
      texts(block.path("fields"), path + "/fields", 10, 2000);
    }
  }

  private void texts(JsonNode texts, String path, int most, int longest) {
    refuse(texts.isEmpty() || texts.size() > most, path, "1 to " + most + " items allowed");
    for (var i = 0; i < texts.size(); i++) {
      text(texts.get(i), path + "/" + i, longest);
    }
  }

  private void actions(JsonNode elements, String path) {
    refuse(elements.isEmpty() || elements.size() > 25, path, "1 to 25 items allowed");
    for (var i = 0; i < elements.size(); i++) {
      button(elements.get(i), path + "/" + i);
    }
    var primaries = elements.findValuesAsText("style").stream().filter("primary"::equals).count();
    refuse(primaries > 1, path, "primary is for one button in a set");
  }

  private void button(JsonNode button, String path) {
    known(button, path);
    var style = button.path("style").asText("primary");
    refuse(!button.path("type").asText().equals("button"), path + "/type", "unsupported type");
    refuse(!Set.of("primary", "danger").contains(style), path + "/style", "unsupported style");
    plain(button.path("text"), path + "/text", 75);
    length(button, path, "value", 0, 2000);
    length(button, path, "url", 0, 3000);
    length(button, path, "accessibility_label", 0, 75);
    id(button, path);
  }

  private void input(JsonNode block, String path) {
    var element = block.path("element");
    known(element, path + "/element");
    plain(block.path("label"), path + "/label", 2000);
    var most = element.path("max_length").asInt(3000);
    refuse(most < 1 || most > 3000, path + "/element/max_length", "must be from 1 to 3000");
    id(element, path + "/element");
  }

  private void rich(JsonNode elements, String path) {
    refuse(elements.isEmpty(), path, "must not be empty");
    for (var i = 0; i < elements.size(); i++) {
      var at = path + "/" + i;
      known(elements.get(i), at);
      var leaves = elements.get(i).path("elements");
      for (var j = 0; j < leaves.size(); j++) {
        var type = leaves.get(j).path("type").asText();
        var inCode = elements.get(i).path("type").asText().endsWith("preformatted");
        refuse(inCode && type.equals("date"), at + "/elements/" + j, "unsupported element");
        leaf(leaves.get(j), at + "/elements/" + j);
      }
    }
  }

  private void leaf(JsonNode leaf, String path) {
    known(leaf, path);
    if (leaf.path("type").asText().equals("date")) {
      refuse(!leaf.path("timestamp").isIntegralNumber(), path + "/timestamp", "must be a number");
      length(leaf, path, "format", 1, 3000);
    } else {
      length(leaf, path, "text", 1, Integer.MAX_VALUE);
    }
    leaf.path("style")
        .fieldNames()
        .forEachRemaining(
            style -> refuse(!STYLES.contains(style), path + "/style", "unknown " + style));
  }

  private void text(JsonNode text, String path, int most) {
    known(text, path);
    length(text, path, "text", 1, most);
  }

  private void plain(JsonNode text, String path, int most) {
    text(text, path, most);
    refuse(!text.path("type").asText().equals("plain_text"), path + "/type", "must be plain_text");
  }

  private void id(JsonNode element, String path) {
    length(element, path, "action_id", 1, 255);
    refuse(!ids.add(element.path("action_id").asText()), path, "action_id is there twice");
  }

  private void known(JsonNode node, String path) {
    var type = node.path("type").asText();
    refuse(!FIELDS.containsKey(type), path + "/type", "unsupported type");
    node.fieldNames()
        .forEachRemaining(
            field ->
                refuse(
                    !Set.of("type", "block_id").contains(field)
                        && !FIELDS.getOrDefault(type, Set.of()).contains(field),
                    path,
                    "must NOT have additional property " + field));
  }

  private void length(JsonNode node, String path, String field, int least, int most) {
    var length = node.path(field).asText().length();
    refuse(length < least, path + "/" + field, "must be more than " + (least - 1) + " characters");
    refuse(length > most, path + "/" + field, "must be less than " + (most + 1L) + " characters");
  }

  private void refuse(boolean refused, String path, String problem) {
    if (refused) {
      problems.add("[ERROR] %s [json-pointer:%s]".formatted(problem, path));
    }
  }

  private static int escaped(String json) {
    return json.chars().map(unit -> unit < 127 ? (unit == '/' ? 2 : 1) : 6).sum();
  }
}
