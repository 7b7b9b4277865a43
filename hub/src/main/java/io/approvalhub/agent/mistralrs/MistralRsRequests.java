package io.approvalhub.agent.mistralrs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.approvalhub.agent.relay.JsonBody;
import java.io.IOException;
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
  static JsonBody tightened(JsonBody request) throws IOException {
    var forbids = forbids(request.value(PERMISSION)) || forbids(request.value(OLD_PERMISSION));
    var permission = TextNode.valueOf(forbids ? "deny" : "ask");
    return request.without(OLD_PERMISSION).with(PERMISSION, permission);
  }

  /// Whether a request brings tools that the server may run itself.
  static boolean hasTools(JsonBody request) {
    return TOOLS.stream().anyMatch(request::says);
  }

  private static boolean forbids(JsonNode permission) {
    return permission.asText().equals("deny");
  }
}
