package io.approvalhub.gallery;

import static io.approvalhub.gallery.Drawing.escaped;
import static io.approvalhub.gallery.Drawing.tag;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import io.approvalhub.testkit.FakePlatform.Call;
import java.util.List;
import java.util.stream.Collectors;

/// Block Kit.
final class SlackDrawing implements Drawing {

  /// From the accounts of those who met `msg_blocks_too_long`.
  private static final int LIMIT = 13_100;

  @Override
  public String html(List<Call> sent) {
    var message = sent.reversed().stream().filter(call -> thread(call).isEmpty()).findFirst();
    var thread =
        sent.stream()
            .filter(call -> !thread(call).isEmpty())
            .map(call -> Drawing.file("in the thread: " + Drawing.body(call).path("text").asText()))
            .collect(Collectors.joining());
    return message.map(call -> blocks(call).valueStream().map(SlackDrawing::block)).stream()
        .flatMap(blocks -> blocks)
        .collect(Collectors.joining("", "", thread));
  }

  @Override
  public Weight weight(List<Call> sent) {
    return sent.stream()
        .map(SlackDrawing::blocks)
        .map(blocks -> new Weight(escapedLength(Json.text(blocks)), LIMIT, "characters of blocks"))
        .reduce(new Weight(0, LIMIT, "characters of blocks"), Weight::heavier);
  }

  private static int escapedLength(String json) {
    return json.chars().map(unit -> unit < 127 ? (unit == '/' ? 2 : 1) : 6).sum();
  }

  private static JsonNode blocks(Call call) {
    return Drawing.parsed(Drawing.body(call).path("blocks").asText("[]"));
  }

  private static String thread(Call call) {
    return Drawing.body(call).path("thread_ts").asText();
  }

  private static String block(JsonNode block) {
    return switch (block.path("type").asText()) {
      case "header" -> tag("h3", text(block.path("text")));
      case "section" -> tag("p", text(block.path("text")));
      case "context" -> tag("small", text(block.path("elements").path(0)));
      case "rich_text" ->
          block
              .path("elements")
              .valueStream()
              .map(SlackDrawing::rich)
              .collect(Collectors.joining());
      case "actions" ->
          Drawing.buttons(
              block
                  .path("elements")
                  .valueStream()
                  .map(button -> button.path("text").path("text").asText())
                  .toList());
      default -> tag("p", "?");
    };
  }

  private static String rich(JsonNode element) {
    var inside =
        element
            .path("elements")
            .valueStream()
            .map(SlackDrawing::leaf)
            .collect(Collectors.joining());
    return tag(element.path("type").asText().endsWith("preformatted") ? "pre" : "div", inside);
  }

  private static String leaf(JsonNode leaf) {
    if (leaf.path("type").asText().equals("date")) {
      return tag("time", escaped(leaf.path("fallback").asText()));
    }
    var text = text(leaf);
    return leaf.path("style").path("bold").asBoolean() ? tag("b", text) : text;
  }

  private static String text(JsonNode node) {
    return escaped(node.path("text").asText());
  }
}
