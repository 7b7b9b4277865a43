package io.approvalhub.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.ApprovalRecord.Resolution;
import io.approvalhub.kit.Json;
import java.io.IOException;
import java.util.Optional;

/// What an agent is told of an approval that ended. What was decided and can no longer be said
/// exactly is said as a denial.
public sealed interface Instruction {

  /// The tool call may run as the agent asked.
  ///
  /// @param remembers whether the agent may let later calls run as well, as it offered
  /// @param note what the person said to it
  record Approve(boolean remembers, Optional<String> note) implements Instruction {}

  /// The tool call may run with these arguments only, in the place of all that the agent asked
  /// with.
  record ApproveEdited(JsonNode arguments, Optional<String> note) implements Instruction {}

  /// The tool call may not run.
  ///
  /// @param reason the person's, or what happened instead of a decision
  record Deny(Optional<String> reason) implements Instruction {

    private Deny(String reason) {
      this(Optional.of(reason));
    }
  }

  /// What is to be told of an approval.
  static Instruction of(ApprovalRecord approval) {
    return switch (approval.status()) {
      case APPROVED ->
          approval.resolution().map(how -> approved(approval, how)).orElseGet(Instruction::lost);
      case DENIED -> new Deny(approval.resolution().flatMap(Resolution::reason));
      case EXPIRED -> new Deny("Expired: nobody decided in time");
      case CANCELLED -> new Deny("Cancelled by " + approval.decidedBy().orElse("the hub"));
      case PENDING -> throw new IllegalStateException("an approval that waits is nothing to tell");
    };
  }

  private static Instruction approved(ApprovalRecord approval, Resolution how) {
    var call = approval.call();
    if (call.arguments().isEmpty()) {
      return lost();
    }
    if (how.edit().isMade()) {
      return call.takes().arguments()
          ? edited(how.arguments(), how.reason())
          : new Deny("Approved with other arguments, which this agent does not take");
    }
    return new Approve(how.remember() && call.takes().remembers().isPresent(), how.reason());
  }

  private static Instruction edited(Optional<String> arguments, Optional<String> note) {
    if (arguments.isEmpty()) {
      return lost();
    }
    try {
      return new ApproveEdited(Json.parse(arguments.get()), note);
    } catch (IOException _) {
      return lost();
    }
  }

  private static Instruction lost() {
    return new Deny("What was approved is no longer known");
  }
}
