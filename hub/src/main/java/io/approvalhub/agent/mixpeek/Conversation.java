package io.approvalhub.agent.mixpeek;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.agent.relay.Orphans;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.kit.Json;
import java.io.IOException;
import java.util.Optional;

/// Where a confirmation belongs: what the decide call needs besides its id.
///
/// @param session of the agent
/// @param namespace if one was named
record Conversation(String session, Optional<String> namespace) {

  static Conversation of(ApprovalRecord approval) {
    return new Conversation(
        approval.call().session().orElseThrow(), namespace(approval.call().context()));
  }

  String context(Orphans orphans) {
    ObjectNode context = orphans.context();
    namespace.ifPresent(name -> context.put("namespace", name));
    return Json.text(context);
  }

  private static Optional<String> namespace(String context) {
    try {
      return Optional.ofNullable(Json.parse(context).path("namespace").textValue());
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
