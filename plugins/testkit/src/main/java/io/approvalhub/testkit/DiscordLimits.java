package io.approvalhub.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// What Discord refuses in a message, an answer or a modal: each problem by the path where it lies.
final class DiscordLimits {

  static final int COMPONENTS_V2 = 1 << 15;

  private static final int ROW = 1;
  private static final int BUTTON = 2;
  private static final int TEXT_INPUT = 4;
  private static final int TEXT_DISPLAY = 10;
  private static final int FILE = 13;
  private static final int SEPARATOR = 14;
  private static final int CONTAINER = 17;
  private static final int LABEL = 18;

  private final TreeMap<String, String> problems = new TreeMap<>();
  private final Set<String> customIds = new HashSet<>();
  private int components;
  private int text;

  private DiscordLimits() {}

  /// The problems of a message with `files` uploaded beside it.
  static TreeMap<String, String> message(JsonNode message, Set<String> files) {
    var limits = new DiscordLimits();
    limits.length(message, "nonce", 0, 25);
    limits.attachments(message, files);
    if ((message.path("flags").asInt() & COMPONENTS_V2) == 0) {
      limits.legacy(message);
    } else {
      limits.v2(message, files);
    }
    return limits.problems;
  }

  /// The problems of an edit of a message that had these flags.
  static TreeMap<String, String> edit(JsonNode message, int flags, Set<String> files) {
    var whole =
        ((ObjectNode) message.deepCopy()).put("flags", flags | message.path("flags").asInt());
    return message(whole, files);
  }

  /// The problems of a message that answers an interaction.
  static TreeMap<String, String> answer(JsonNode message) {
    return message(message, Set.of());
  }

  /// The problems of a modal.
  static TreeMap<String, String> modal(JsonNode modal) {
    var limits = new DiscordLimits();
    limits.customId(modal, "");
    limits.length(modal, "title", 1, 45);
    var rows = modal.path("components");
    limits.refuse(rows.isEmpty() || rows.size() > 5, "components", "BASE_TYPE_BAD_LENGTH");
    for (var i = 0; i < rows.size(); i++) {
      limits.label(rows.get(i), "components." + i);
    }
    return limits.problems;
  }

  private void legacy(JsonNode message) {
    length(message, "content", 0, 2000);
    embeds(message.path("embeds"));
    var rows = message.path("components");
    refuse(rows.size() > 5, "components", "BASE_TYPE_BAD_LENGTH");
    for (var i = 0; i < rows.size(); i++) {
      var path = "components." + i;
      refuse(rows.get(i).path("type").asInt() != ROW, path, "UNION_TYPE_CHOICES");
      row(rows.get(i), path);
    }
  }

  private void v2(JsonNode message, Set<String> files) {
    for (var field : List.of("content", "embeds", "poll", "sticker_ids")) {
      refuse(
          !message.path(field).isEmpty() || !message.path(field).asText().isEmpty(),
          field,
          "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2");
    }
    refuse(message.path("components").isEmpty(), "components", "BASE_TYPE_REQUIRED");
    children(message, "", files);
    refuse(components > 40, "components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED");
    refuse(text > 4000, "components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED");
  }

  private void children(JsonNode parent, String path, Set<String> files) {
    var children = parent.path("components");
    for (var i = 0; i < children.size(); i++) {
      components++;
      component(children.get(i), path + "components." + i, files);
    }
  }

  private void component(JsonNode component, String path, Set<String> files) {
    switch (component.path("type").asInt()) {
      case ROW -> row(component, path);
      case TEXT_DISPLAY -> {
        length(component, path, "content", 1, 4000);
        text += component.path("content").asText().length();
      }
      case FILE -> file(component, path, files);
      case SEPARATOR -> {}
      case CONTAINER -> {
        var colour = component.path("accent_color").asInt();
        refuse(colour < 0 || colour > 0xFFFFFF, path + ".accent_color", "NUMBER_TYPE_MAX");
        refuse(component.path("components").isEmpty(), path, "BASE_TYPE_BAD_LENGTH");
        children(component, path + ".", files);
      }
      default -> refuse(true, path, "UNION_TYPE_CHOICES");
    }
  }

  private void row(JsonNode row, String path) {
    var buttons = row.path("components");
    refuse(buttons.isEmpty() || buttons.size() > 5, path, "BASE_TYPE_BAD_LENGTH");
    for (var i = 0; i < buttons.size(); i++) {
      components++;
      button(buttons.get(i), path + ".components." + i);
    }
  }

  private void button(JsonNode button, String path) {
    var style = button.path("style").asInt();
    refuse(button.path("type").asInt() != BUTTON, path + ".type", "UNION_TYPE_CHOICES");
    refuse(style < 1 || style > 5, path + ".style", "BASE_TYPE_CHOICES");
    length(button, path, "label", 0, 80);
    refuse(
        button.path("label").asText().isEmpty() && button.path("emoji").isMissingNode(),
        path,
        "BUTTON_COMPONENT_MISSING_LABEL_OR_EMOJI");
    if (style == 5) {
      length(button, path, "url", 1, 512);
    } else {
      customId(button, path);
    }
  }

  private void file(JsonNode file, String path, Set<String> files) {
    var url = file.path("file").path("url").asText();
    refuse(!url.startsWith("attachment://"), path, "UNFURLED_MEDIA_ITEM_INVALID");
    refuse(
        !files.contains(url.replaceFirst("attachment://", "")),
        path,
        "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND");
  }

  private void attachments(JsonNode message, Set<String> files) {
    for (var attachment : message.path("attachments")) {
      var name = attachment.path("filename").asText();
      refuse(!name.isEmpty() && !files.contains(name), "attachments", "ATTACHMENT_NOT_FOUND");
    }
  }

  private void embeds(JsonNode embeds) {
    refuse(embeds.size() > 10, "embeds", "BASE_TYPE_BAD_LENGTH");
    var sum = 0;
    for (var i = 0; i < embeds.size(); i++) {
      sum += embed(embeds.get(i), "embeds." + i);
    }
    refuse(sum > 6000, "embeds", "MAX_EMBED_SIZE_EXCEEDED");
  }

  private int embed(JsonNode embed, String path) {
    var sum = length(embed, path, "title", 0, 256) + length(embed, path, "description", 0, 4096);
    sum += length(embed.path("footer"), path + ".footer", "text", 0, 2048);
    sum += length(embed.path("author"), path + ".author", "name", 0, 256);
    var fields = embed.path("fields");
    refuse(fields.size() > 25, path + ".fields", "BASE_TYPE_BAD_LENGTH");
    for (var i = 0; i < fields.size(); i++) {
      var at = path + ".fields." + i;
      sum +=
          length(fields.get(i), at, "name", 1, 256) + length(fields.get(i), at, "value", 1, 1024);
    }
    return sum;
  }

  private void label(JsonNode label, String path) {
    refuse(label.path("type").asInt() != LABEL, path + ".type", "UNION_TYPE_CHOICES");
    length(label, path, "label", 1, 45);
    length(label, path, "description", 0, 100);
    var input = label.path("component");
    var style = input.path("style").asInt();
    var most = input.path("max_length").asInt(4000);
    refuse(input.path("type").asInt() != TEXT_INPUT, path + ".component", "UNION_TYPE_CHOICES");
    refuse(style != 1 && style != 2, path + ".component.style", "BASE_TYPE_CHOICES");
    refuse(most < 1 || most > 4000, path + ".component.max_length", "NUMBER_TYPE_MAX");
    length(input, path + ".component", "placeholder", 0, 100);
    customId(input, path + ".component");
  }

  private void customId(JsonNode component, String path) {
    length(component, path, "custom_id", 1, 100);
    refuse(
        !customIds.add(component.path("custom_id").asText()),
        path + ".custom_id",
        "COMPONENT_CUSTOM_ID_DUPLICATED");
  }

  private void length(JsonNode node, String field, int least, int most) {
    length(node, "", field, least, most);
  }

  private int length(JsonNode node, String path, String field, int least, int most) {
    var length = node.path(field).asText().length();
    var where = path.isEmpty() ? field : path + "." + field;
    refuse(length < least || length > most, where, "BASE_TYPE_BAD_LENGTH");
    return length;
  }

  private void refuse(boolean wrong, String path, String code) {
    if (wrong) {
      problems.putIfAbsent(path, code);
    }
  }
}
