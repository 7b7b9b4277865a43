package io.approvalhub.gallery;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.Text;
import io.approvalhub.testkit.FakePlatform.Call;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;

/// Draws what a platform was sent near enough to the platform's own look to be judged.
interface Drawing {

  /// The message as HTML; empty when nothing was sent.
  String html(List<Call> sent);

  /// How much of the platform's limit the heaviest of these calls takes.
  Weight weight(List<Call> sent);

  /// @param limit where the platform refuses
  /// @param unit of what is counted
  record Weight(int size, int limit, String unit) {

    static Weight heavier(Weight one, Weight other) {
      return one.size >= other.size ? one : other;
    }
  }

  /// The body of a call.
  static JsonNode body(Call call) {
    return parsed(call.body());
  }

  static JsonNode parsed(String json) {
    try {
      return Json.parse(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String escaped(String text) {
    return Text.html(text);
  }

  static String tag(String name, String html) {
    return "<" + name + ">" + html + "</" + name.replaceFirst(" .*", "") + ">";
  }

  static String buttons(List<String> labels) {
    return labels.isEmpty()
        ? ""
        : labels.stream()
            .map(label -> tag("button", escaped(label)))
            .collect(Collectors.joining(" ", "<p class=buttons>", "</p>"));
  }

  static String file(String name) {
    return tag("p class=file", "📎 " + escaped(name));
  }
}
