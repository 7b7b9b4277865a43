package io.approvalhub.agent.mistralrs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// What the relay makes of requests to mistral.rs.
final class MistralRsRequests {

  private static final String PERMISSION = "agent_permission";
  private static final String OLD_PERMISSION = "code_execution_permission";

  private static final List<String> TOOLS =
      List.of(
          "tools",
          "web_search_options",
          "enable_code_execution",
          "enable_shell",
          "enable_web_search");

  private MistralRsRequests() {}

  /// The same request, asking before every action of the agent. One that forbids them stays so.
  static ObjectNode tightened(ObjectNode request) {
    var forbids = forbids(request.path(PERMISSION)) || forbids(request.path(OLD_PERMISSION));
    var tightened = request.deepCopy();
    tightened.remove(OLD_PERMISSION);
    return tightened.put(PERMISSION, forbids ? "deny" : "ask");
  }

  /// Whether a request brings tools that the server may run itself.
  static boolean hasTools(JsonNode request) {
    return TOOLS.stream().anyMatch(name -> isThere(request.path(name)));
  }

  private static boolean forbids(JsonNode permission) {
    return permission.asText().equals("deny");
  }

  private static boolean isThere(JsonNode value) {
    var isOff = value.isBoolean() && !value.booleanValue();
    var isEmpty = value.isArray() && value.isEmpty();
    return !value.isMissingNode() && !value.isNull() && !isOff && !isEmpty;
  }
}
