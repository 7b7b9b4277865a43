package io.approvalhub.gallery;

import static io.approvalhub.gallery.Drawing.escaped;
import static io.approvalhub.gallery.Drawing.tag;

import io.approvalhub.kit.Json;
import io.approvalhub.kit.WebhookEvent;
import io.approvalhub.kit.Words;
import io.approvalhub.plugin.Part;
import io.approvalhub.plugin.Reader;
import io.approvalhub.testkit.FakePlatform.Call;
import java.util.List;

/// What a receiver may make of an event, and the event.
final class WebhookDrawing implements Drawing {

  private static final int NO_LIMIT = 0;

  private static final Words WORDS = Words.of(Reader.DEFAULT);

  @Override
  public String html(List<Call> sent) {
    if (sent.isEmpty()) {
      return "";
    }
    var event = Drawing.body(sent.getLast());
    var approval = WebhookEvent.approval(event);
    var html = new StringBuilder();
    html.append(tag("h3", escaped(WORDS.heading(approval))));
    html.append(tag("p", escaped(WORDS.status(approval))));
    WORDS.votes(approval).forEach(vote -> html.append(tag("p", escaped(vote))));
    var call =
        approval.amendment().map(edit -> List.<Part>of(edit.changes())).orElse(approval.parts());
    for (var part : call) {
      html.append(tag("b", escaped(WORDS.label(part)))).append(tag("pre", escaped(part.text())));
    }
    return html.append("<details><summary>event</summary>")
        .append(tag("pre", escaped(Json.pretty(event))))
        .append("</details>")
        .toString();
  }

  @Override
  public Weight weight(List<Call> sent) {
    return sent.stream()
        .map(call -> new Weight(call.body().length(), NO_LIMIT, "characters of JSON"))
        .reduce(new Weight(0, NO_LIMIT, "characters of JSON"), Weight::heavier);
  }
}
