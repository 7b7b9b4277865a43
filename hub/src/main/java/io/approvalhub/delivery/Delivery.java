package io.approvalhub.delivery;

import io.approvalhub.approval.Approval;
import io.approvalhub.plugin.MessageRef;
import java.util.Optional;

/// One target that is behind one approval, claimed by this node.
///
/// @param token the target's handle on the approval
/// @param message what the target showed before, if anything
/// @param attempts how often it was tried since it last worked, this time not counted
record Delivery(
    Approval approval, String target, String token, Optional<MessageRef> message, int attempts) {}
