package io.approvalhub.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.demo.ExampleAgent.Received;
import io.approvalhub.kit.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// What came of the decisions, told by the agent and by the hub.
///
/// @param rows the approved and the denied in the hub's list
/// @param statistics the hub's counts per tool
record Report(
    List<DemoDecision> decided, List<Received> received, List<JsonNode> rows, JsonNode statistics) {

  void print(Screen screen) {
    screen.gap();
    screen.line(Screen.Colour.STRONG, "What the agent received");
    received.forEach(message -> screen.item(column(message.tool()) + received(message)));
    screen.gap();
    screen.line(Screen.Colour.STRONG, "What the hub's list says");
    rows.forEach(row -> screen.item(column(row.path("tool_name").asText()) + listed(row)));
  }

  /// Where the agent or the hub's list says something else than was decided.
  List<String> differences() {
    var differences = new ArrayList<String>();
    for (var decision : decided) {
      var tool = decision.tool();
      var told = received.stream().filter(message -> message.tool().equals(tool)).toList();
      if (!told.equals(List.of(decision.expected()))) {
        differences.add(
            "%s: the agent should have received %s and received %s"
                .formatted(tool, json(List.of(decision.expected())), json(told)));
      }
      if (rows.stream().noneMatch(row -> agrees(row, decision))) {
        differences.add(
            "%s: the hub does not list it as %s and delivered".formatted(tool, decision.status()));
      }
    }
    undecided()
        .forEach(tool -> differences.add(tool + ": nobody decided it, and the agent was told"));
    return differences;
  }

  private Stream<String> undecided() {
    var tools = decided.stream().map(DemoDecision::tool).toList();
    return received.stream().map(Received::tool).filter(tool -> !tools.contains(tool));
  }

  private static boolean agrees(JsonNode row, DemoDecision decision) {
    return row.path("tool_name").asText().equals(decision.tool())
        && row.path("status").asText().equals(decision.status())
        && row.path("delivered").asText().equals("delivered");
  }

  private static String received(Received received) {
    var reason = received.message().path("reason").asText();
    return (received.message().path("approved").asBoolean() ? "approved" : "denied")
        + (reason.isEmpty() ? "" : ": " + reason);
  }

  private String listed(JsonNode row) {
    return "%s by %s after %s, %s to the agent"
        .formatted(
            row.path("status").asText(),
            row.path("decided_by").asText(),
            seconds(row.path("tool_name").asText()),
            row.path("delivered").asText());
  }

  private String seconds(String tool) {
    return statistics
        .valueStream()
        .filter(count -> count.path("tool_name").asText().equals(tool))
        .map(count -> String.format(Locale.ROOT, "%.1f s", count.path("median_seconds").asDouble()))
        .findFirst()
        .orElse("?");
  }

  private String column(String tool) {
    var widest = rows.stream().mapToInt(row -> row.path("tool_name").asText().length()).max();
    return tool + " ".repeat(Math.max(0, widest.orElse(0) - tool.length()) + 2);
  }

  private static String json(List<Received> messages) {
    return messages.isEmpty()
        ? "nothing"
        : messages.stream().map(message -> Json.text(message.message())).toList().toString();
  }
}
