package io.approvalhub.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// How Slack shows what it was sent: what people read, and whom it notifies.
final class SlackMarkup {

  private static final Pattern MENTION =
      Pattern.compile("<(!(?:channel|here|everyone|subteam\\^\\w+)|@[UW]\\w+)(?:\\|[^>]*)?>");
  private static final Pattern LINK = Pattern.compile("<([^<>|!@#][^<>|]*)(?:\\|([^<>]*))?>");
  private static final Pattern STYLE =
      Pattern.compile("(?<!\\w)([*_~`])(\\S(?:[^\\n]*?\\S)?)\\1(?!\\w)");
  private static final Pattern EMOJI = Pattern.compile(":[a-z0-9_+-]+:");

  private SlackMarkup() {}

  /// All that people read in some blocks, but for the buttons.
  static String text(JsonNode blocks) {
    return children(blocks)
        .filter(block -> !type(block).equals("actions"))
        .flatMap(block -> type(block).equals("rich_text") ? rich(block) : plain(block))
        .collect(Collectors.joining("\n"));
  }

  /// The text of the blocks of code in some blocks.
  static String code(JsonNode blocks) {
    return nodes(blocks)
        .filter(node -> type(node).equals("rich_text_preformatted"))
        .flatMap(SlackMarkup::plain)
        .collect(Collectors.joining());
  }

  /// Whom a message notifies.
  static List<String> pings(String fallback, JsonNode blocks) {
    var marked =
        leaves(blocks).filter(leaf -> type(leaf).equals("mrkdwn")).map(leaf -> leaf.path("text"));
    var named =
        nodes(blocks)
            .filter(node -> List.of("user", "usergroup", "broadcast").contains(type(node)));
    return Stream.concat(
            Stream.concat(Stream.of(fallback), marked.map(JsonNode::asText))
                .flatMap(SlackMarkup::mentions),
            named.map(JsonNode::toString))
        .toList();
  }

  private static Stream<String> mentions(String text) {
    return MENTION.matcher(text).results().map(MatchResult::group);
  }

  private static Stream<String> rich(JsonNode block) {
    return children(block.path("elements"))
        .map(element -> plain(element).collect(Collectors.joining()));
  }

  private static Stream<String> plain(JsonNode node) {
    return leaves(node).map(SlackMarkup::shown);
  }

  private static Stream<JsonNode> leaves(JsonNode node) {
    return nodes(node)
        .filter(leaf -> List.of("plain_text", "mrkdwn", "text", "date").contains(type(leaf)));
  }

  private static String shown(JsonNode leaf) {
    var text = leaf.path("text").asText();
    return switch (type(leaf)) {
      case "date" -> leaf.path("fallback").asText();
      case "mrkdwn" -> resolved(text);
      case "plain_text" ->
          leaf.path("emoji").asBoolean(true) ? EMOJI.matcher(text).replaceAll("(emoji)") : text;
      default -> text;
    };
  }

  private static String resolved(String text) {
    var plain = MENTION.matcher(text).replaceAll("(mention)");
    plain = LINK.matcher(plain).replaceAll(link -> link.group(2) == null ? "$1" : "$2");
    plain = STYLE.matcher(plain).replaceAll("$2");
    return EMOJI
        .matcher(plain)
        .replaceAll("(emoji)")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
  }

  private static Stream<JsonNode> nodes(JsonNode node) {
    return Stream.concat(Stream.of(node), children(node).flatMap(SlackMarkup::nodes));
  }

  private static Stream<JsonNode> children(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false);
  }

  private static String type(JsonNode node) {
    return node.path("type").asText();
  }
}
