package io.approvalhub.agent.agentflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.agent.Instruction;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.Capabilities;
import io.approvalhub.kit.Json;
import java.util.Optional;

/// The two AgentFlows: where their approvals are and how they put a decision.
enum Generation {
  /// The older one, which knows actions and no edited arguments.
  A("", "action", "approve", "deny", false),
  /// The newer one.
  B("/api/v1", "status", "approved", "denied", true);

  private final String prefix;
  private final String field;
  private final String yes;
  private final String no;
  private final boolean edits;

  Generation(String prefix, String field, String yes, String no, boolean edits) {
    this.prefix = prefix;
    this.field = field;
    this.yes = yes;
    this.no = no;
    this.edits = edits;
  }

  String pendingPath() {
    return prefix + "/approvals/pending";
  }

  String respondPath() {
    return prefix + "/approvals/{id}/respond";
  }

  Capabilities takes() {
    return new Capabilities(true, edits, Optional.empty());
  }

  /// The body of a response. Edited arguments go with an approval only, and replace all others.
  JsonNode response(ApprovalRecord approval) {
    return switch (Instruction.of(approval)) {
      case Instruction.Approve(_, var note) -> response(yes, note);
      case Instruction.ApproveEdited(var arguments, var note) ->
          edits
              ? response(yes, note).set("modified_arguments", arguments)
              : response(no, Optional.of("Edited arguments are not taken here"));
      case Instruction.Deny(var reason) -> response(no, reason);
    };
  }

  private ObjectNode response(String word, Optional<String> reason) {
    var response = Json.object().put(field, word);
    reason.ifPresent(text -> response.put("reason", text));
    return response;
  }
}
