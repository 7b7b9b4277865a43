package io.approvalhub.agent.agentflow;

import io.approvalhub.agent.relay.RelayRequest;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Tells which requests to AgentFlow a client may not make.
final class AgentFlowRequests {

  /// Responses, bulk responses, withdrawals, and what switches the asking for a tool on and off.
  private static final String GATE =
      "(/api/v1)?/(approvals(/.*)?|agents?/[^/]+/tools/[^/]+/approval)";

  private static final String SEGMENT = "[^/]+";

  private final String gate;

  AgentFlowRequests(AgentFlowSettings settings) {
    gate =
        Stream.concat(
                Stream.of(GATE),
                Stream.concat(
                        Stream.of(settings.approvals().respondPath()),
                        settings.approvals().cancelPath().stream())
                    .map(AgentFlowRequests::pattern))
            .collect(Collectors.joining("|", "(", ")/?"));
  }

  /// Whether a request decides an approval, or changes what is asked.
  boolean decides(RelayRequest request) {
    return !request.method().equals("GET")
        && !request.method().equals("HEAD")
        && request.isUnder(gate);
  }

  private static String pattern(String path) {
    return Stream.of(path.toLowerCase(Locale.ROOT).split("\\{id}", -1))
        .map(Pattern::quote)
        .collect(Collectors.joining(SEGMENT));
  }
}
