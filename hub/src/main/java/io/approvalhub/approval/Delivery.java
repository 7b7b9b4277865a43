package io.approvalhub.approval;

import io.approvalhub.plugin.MessageRef;
import java.util.Optional;

/// One message, or one agent, that is behind its approval, claimed by this node.
///
/// @param slot which of the target's messages of this approval it is
/// @param token the target's handle on the approval
/// @param message what the target showed before, if anything
/// @param attempts how often it was tried since it last worked, this time not counted
public record Delivery(
    ApprovalRecord approval,
    String target,
    String slot,
    String token,
    Optional<MessageRef> message,
    int attempts) {

  /// Tells it from every other delivery to the same target.
  public String key() {
    return key(approval.id(), slot);
  }

  static String key(String approval, String slot) {
    return approval + " " + slot;
  }
}
