package io.approvalhub.gallery;

import static io.approvalhub.gallery.Drawing.escaped;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The pages of the gallery, to be looked at on a phone.
final class Page {

  private static final String STYLE =
      """
      body { font: 15px/1.4 sans-serif; margin: 0 auto; padding: 8px; max-width: 1480px; }
      h2 { font-size: 17px; margin: 24px 0 4px; }
      h3 { font-size: 15px; margin: 0 0 4px; }
      h4 { font-size: 12px; margin: 0 0 4px; color: #666; }
      .row { display: flex; flex-wrap: wrap; gap: 8px; align-items: flex-start; }
      .card { box-sizing: border-box; width: 344px; border: 1px solid #ccc; border-radius: 8px; padding: 8px;
        overflow-wrap: anywhere; }
      .telegram .card > div, .whatsapp .card > div { white-space: pre-wrap; }
      .slack .card > div { white-space: pre-wrap; }
      pre { background: #f4f4f4; padding: 6px; margin: 4px 0; white-space: pre-wrap; font-size: 12px; }
      code { background: #f4f4f4; font-size: 12px; white-space: pre-wrap; }
      small { color: #666; font-size: 11px; }
      p { margin: 4px 0; }
      button { border: 0; border-radius: 6px; padding: 8px 10px; background: #2f6fde; color: #fff; }
      .file { background: #eef; border-radius: 6px; padding: 4px 6px; font-size: 12px; }
      .folded { margin: 4px 0; border-left: 3px solid #8ac; padding-left: 6px; max-height: 4.2em; overflow: hidden; }
      .container { border-left: 4px solid; padding-left: 8px; }
      .spoiler { max-height: 5em; overflow: hidden; filter: blur(2px); }
      """;

  private Page() {}

  static void write(Path file, String platform, List<Moment> moments, Drawing drawing)
      throws IOException {
    var html =
        new StringBuilder(head(platform)).append("<body class=").append(platform).append(">");
    html.append("<h1>").append(platform).append("</h1>");
    var title = "";
    for (var moment : moments) {
      if (!moment.call().title().equals(title)) {
        html.append(title.isEmpty() ? "" : "</div>");
        title = moment.call().title();
        html.append("<h2>").append(escaped(title)).append("</h2><div class=row>");
      }
      html.append("<div class=card><h4>").append(moment.state()).append("</h4>");
      var drawn = drawing.html(moment.sent());
      html.append(drawn.isEmpty() ? "<p>Nothing is sent.</p>" : drawn).append("</div>\n");
    }
    Files.writeString(file, html.append("</div></body>\n").toString());
  }

  static void index(Path folder, List<String> platforms) throws IOException {
    var html = new StringBuilder(head("Gallery")).append("<body><h1>Gallery</h1><ul>");
    for (var platform : platforms) {
      html.append("<li><a href=%1$s.html>%1$s</a></li>".formatted(platform));
    }
    html.append("</ul><p>The bytes that were sent are in <code>bytes</code>.</p></body>\n");
    Files.writeString(folder.resolve("index.html"), html.toString());
  }

  private static String head(String title) {
    return "<!doctype html><meta charset=utf-8><meta name=viewport content=width=device-width>"
        + "<title>"
        + escaped(title)
        + "</title><style>"
        + STYLE
        + "</style>";
  }
}
