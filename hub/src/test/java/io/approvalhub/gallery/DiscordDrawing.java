package io.approvalhub.gallery;

import static io.approvalhub.gallery.Drawing.escaped;
import static io.approvalhub.gallery.Drawing.tag;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.testkit.FakePlatform.Call;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Components, and Discord's markdown in them.
final class DiscordDrawing implements Drawing {

  private static final int LIMIT = 4_000;
  private static final String UNIT = "characters of text";

  private static final Pattern FENCE = Pattern.compile("```([a-z]*)\n(.*?)\n```", Pattern.DOTALL);

  @Override
  public String html(List<Call> sent) {
    return sent.isEmpty() ? "" : components(message(sent.getLast()));
  }

  @Override
  public Weight weight(List<Call> sent) {
    return sent.stream()
        .map(call -> message(call).findValuesAsText("content"))
        .map(texts -> texts.stream().mapToInt(String::length).sum())
        .map(length -> new Weight(length, LIMIT, UNIT))
        .reduce(new Weight(0, LIMIT, UNIT), Weight::heavier);
  }

  /// Where there are files, it is a field of a form.
  private static JsonNode message(Call call) {
    var body = Drawing.body(call);
    var form = body.path("payload_json");
    return form.isTextual() ? Drawing.parsed(form.asText()) : body;
  }

  private static String components(JsonNode parent) {
    return parent
        .path("components")
        .valueStream()
        .map(DiscordDrawing::component)
        .collect(Collectors.joining());
  }

  private static String component(JsonNode component) {
    return switch (component.path("type").asInt()) {
      case 1 -> Drawing.buttons(component.path("components").findValuesAsText("label"));
      case 10 -> tag("div", markdown(component.path("content").asText()));
      case 13 ->
          Drawing.file(component.path("file").path("url").asText().replace("attachment://", ""));
      case 17 -> container(component);
      default -> tag("p", "?");
    };
  }

  private static String container(JsonNode container) {
    var colour = "#%06x".formatted(container.path("accent_color").asInt());
    var spoiler = container.path("spoiler").asBoolean() ? " spoiler" : "";
    return "<div class='container"
        + spoiler
        + "' style='border-color: "
        + colour
        + "'>"
        + components(container)
        + "</div>";
  }

  private static String markdown(String text) {
    var html = new StringBuilder();
    var matcher = FENCE.matcher(text);
    var end = 0;
    while (matcher.find()) {
      html.append(lines(text.substring(end, matcher.start())));
      html.append(tag("pre", escaped(matcher.group(2))));
      end = matcher.end();
    }
    return html.append(lines(text.substring(end))).toString();
  }

  private static String lines(String text) {
    return text.strip().lines().map(DiscordDrawing::line).collect(Collectors.joining("<br>"));
  }

  private static String line(String line) {
    if (line.startsWith("### ")) {
      return tag("h3", spans(line.substring(4)));
    }
    return line.startsWith("-# ") ? tag("small", spans(line.substring(3))) : spans(line);
  }

  private static String spans(String line) {
    // What is escaped stands aside until the markup is resolved.
    var aside =
        Pattern.compile("\\\\(\\p{Punct})")
            .matcher(line)
            .replaceAll(
                match ->
                    Matcher.quoteReplacement(
                        Character.toString(0xE000 + match.group(1).charAt(0))));
    var html =
        escaped(aside)
            .replaceAll("\\*\\*(.+?)\\*\\*", "<b>$1</b>")
            .replaceAll("&lt;t:(\\d+):R&gt;", "<time>in 12 minutes</time>")
            .replaceAll("&lt;t:(\\d+):f&gt;", "<time>today at 12:04</time>");
    return Pattern.compile("[\uE020-\uE07E]")
        .matcher(html)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    escaped(Character.toString(match.group().charAt(0) - 0xE000))));
  }
}
