package io.approvalhub.gallery;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.testkit.FakePlatform.Call;
import java.util.List;

/// HTML of the Bot API, which a browser nearly understands.
final class TelegramDrawing implements Drawing {

  private static final int LIMIT = 4_096;
  private static final String UNIT = "characters of text";

  @Override
  public String html(List<Call> sent) {
    var html = new StringBuilder();
    for (var call : sent) {
      var body = Drawing.body(call);
      if (call.name().equals("sendDocument")) {
        html.append(Drawing.file(body.path("caption").asText().replaceAll("<[^>]*>", "")));
      } else if (body.has("text")) {
        html.append("<div>").append(drawn(body.path("text").asText())).append("</div>");
        html.append(buttons(body));
      }
    }
    return html.toString();
  }

  @Override
  public Weight weight(List<Call> sent) {
    return sent.stream()
        .map(call -> plain(Drawing.body(call).path("text").asText()).length())
        .map(length -> new Weight(length, LIMIT, UNIT))
        .reduce(new Weight(0, LIMIT, UNIT), Weight::heavier);
  }

  private static String drawn(String html) {
    return html.replace("<tg-time", "<time")
        .replace("</tg-time>", "</time>")
        .replace("<blockquote expandable>", "<blockquote class=folded>");
  }

  private static String plain(String html) {
    return html.replaceAll("<[^>]*>", "").replaceAll("&[a-z]+;|&#\\d+;", "x");
  }

  private static String buttons(JsonNode body) {
    var markup = body.path("reply_markup");
    var keyboard = markup.isTextual() ? Drawing.parsed(markup.asText()) : markup;
    return Drawing.buttons(keyboard.path("inline_keyboard").findValuesAsText("text"));
  }
}
