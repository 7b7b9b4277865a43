package io.approvalhub.gallery;

import static io.approvalhub.gallery.Drawing.escaped;
import static io.approvalhub.gallery.Drawing.tag;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.testkit.FakePlatform.Call;
import java.util.List;
import java.util.stream.Stream;

/// The Cloud API.
final class WhatsAppDrawing implements Drawing {

  private static final int LIMIT = 1_024;
  private static final String UNIT = "characters of a body";

  @Override
  public String html(List<Call> sent) {
    if (sent.isEmpty()) {
      return "";
    }
    var body = Drawing.body(sent.getLast());
    if (body.path("type").asText().equals("text")) {
      return tag("p", markup(body.path("text").path("body").asText()));
    }
    var interactive = body.path("interactive");
    var file = interactive.path("header").path("document").path("filename").asText();
    return (file.isEmpty() ? "" : Drawing.file(file))
        + tag("div", markup(interactive.path("body").path("text").asText()))
        + tag("small", escaped(interactive.path("footer").path("text").asText()))
        + Drawing.buttons(interactive.path("action").findValuesAsText("title"));
  }

  @Override
  public Weight weight(List<Call> sent) {
    return sent.stream()
        .map(Drawing::body)
        .flatMap(WhatsAppDrawing::texts)
        .map(text -> new Weight(text.length(), LIMIT, UNIT))
        .reduce(new Weight(0, LIMIT, UNIT), Weight::heavier);
  }

  private static Stream<String> texts(JsonNode body) {
    return Stream.of(body.at("/interactive/body/text").asText());
  }

  private static String markup(String text) {
    return escaped(text)
        .replaceAll("(?s)```(.+?)```", "<code>$1</code>")
        .replaceAll("(?<![\\w*])\\*(\\S[^*\n]*)\\*(?!\\w)", "<b>$1</b>");
  }
}
