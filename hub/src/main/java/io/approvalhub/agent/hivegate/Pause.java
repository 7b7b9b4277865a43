package io.approvalhub.agent.hivegate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// The tool calls that a run and its members wait for, each once.
final class Pause {

  private static final String REASON = "Tool requires human confirmation before execution";

  private final Map<String, Tool> tools = new LinkedHashMap<>();
  private String session = "";
  private boolean unclear;

  /// Adds those of an event or answer. Others have been executed or need no confirmation.
  void add(JsonNode event) {
    if (session.isEmpty()) {
      session = event.path("session_id").asText();
    }
    Stream.concat(
            elements(event.path("tools")),
            elements(event.path("requirements")).map(one -> one.path("tool_execution")))
        .filter(Pause::waits)
        .map(tool -> Tool.of(tool, worker(event)))
        .forEach(this::add);
  }

  void add(Pause other) {
    other.tools.values().forEach(this::add);
    unclear |= other.unclear;
  }

  /// As HiveGate lists them where it does.
  List<ObjectNode> rows(String run) {
    return tools.values().stream().filter(Tool::isClear).map(tool -> tool.row(run)).toList();
  }

  String session() {
    return session;
  }

  /// Whether there are calls that no decision could tell apart.
  boolean isUnclear() {
    return unclear;
  }

  static boolean asks(JsonNode event) {
    var pause = new Pause();
    pause.add(event);
    return !pause.tools.isEmpty();
  }

  private void add(Tool tool) {
    var merged = tools.merge(tool.id(), tool, Tool::or);
    unclear |= !merged.isClear();
  }

  private static boolean waits(JsonNode tool) {
    var result = tool.path("result");
    return tool.path("requires_confirmation").asBoolean()
        && !tool.path("confirmed").asBoolean()
        && (result.isNull() || result.isMissingNode());
  }

  private static String worker(JsonNode event) {
    return Stream.of("agent_name", "team_name", "agent_id", "team_id")
        .map(name -> event.path(name).asText(""))
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  /// @param name empty when several calls share the id
  private record Tool(String id, String name, JsonNode arguments, String worker) {

    private static Tool of(JsonNode tool, String worker) {
      var arguments = tool.path("tool_args");
      return new Tool(
          tool.path("tool_call_id").asText(""),
          tool.path("tool_name").asText(""),
          arguments.isMissingNode() ? Json.object() : arguments,
          worker);
    }

    private Tool or(Tool other) {
      var same = name.equals(other.name) && Objects.equals(arguments, other.arguments);
      return same ? this : new Tool(id, "", arguments, worker);
    }

    private boolean isClear() {
      return !id.isEmpty() && !name.isEmpty();
    }

    private ObjectNode row(String run) {
      var row = Json.object().put("job_id", run + ":" + id).put("tool_name", name);
      row.set("tool_args", arguments);
      return row.put("worker_name", worker).put("risk_level", "medium").put("reason", REASON);
    }
  }
}
