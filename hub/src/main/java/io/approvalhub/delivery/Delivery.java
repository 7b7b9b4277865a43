package io.approvalhub.delivery;

import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.plugin.MessageRef;
import java.util.Optional;

/// One target that is behind one approval, claimed by this node.
///
/// @param token the target's handle on the approval
/// @param message what the target showed before, if anything
/// @param attempts how often it was tried since it last worked, this time not counted
record Delivery(
    ApprovalRecord approval,
    String target,
    String token,
    Optional<MessageRef> message,
    int attempts) {

  /// The same for another version of the approval.
  Delivery of(ApprovalRecord newer) {
    return new Delivery(newer, target, token, message, attempts);
  }

  /// The same with a message that the target shows.
  Delivery with(MessageRef shown) {
    return new Delivery(approval, target, token, Optional.of(shown), attempts);
  }
}
