package io.approvalhub.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import java.util.Optional;

/// What somebody wants for one approval.
record Choice(boolean approved, Optional<String> reason) {

  static final Choice APPROVE = new Choice(true, Optional.empty());
  static final Choice DENY = new Choice(false, Optional.empty());

  static Choice denyBecause(String reason) {
    return new Choice(false, Optional.of(reason));
  }

  /// The button that says it.
  Action action() {
    if (approved) {
      return Action.APPROVE;
    }
    return reason.isPresent() ? Action.DENY_WITH_REASON : Action.DENY;
  }

  /// What the agent must receive then, and nothing else.
  JsonNode message() {
    var message = Json.object().put("approved", approved);
    reason.ifPresent(why -> message.put("reason", why));
    return message;
  }

  String words() {
    return (approved ? "approve" : "deny") + reason.map(why -> ": " + why).orElse("");
  }
}
