package io.approvalhub.agent.agentflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.agent.Wording;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.ApprovalRecord.Resolution;
import io.approvalhub.approval.Capabilities;
import io.approvalhub.kit.Json;
import java.io.IOException;
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
  JsonNode response(ApprovalRecord approval) throws IOException {
    var approved = Wording.approved(approval);
    var response = Json.object().put(field, approved ? yes : no);
    Wording.reason(approval).ifPresent(reason -> response.put("reason", reason));
    var edited =
        approval.resolution().flatMap(Resolution::arguments).filter(_ -> approved && edits);
    if (edited.isPresent()) {
      response.set("modified_arguments", Json.parse(edited.get()));
    }
    return response;
  }
}
