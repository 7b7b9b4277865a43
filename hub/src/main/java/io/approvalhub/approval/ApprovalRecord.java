package io.approvalhub.approval;

import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Approval.Status;
import java.time.Instant;
import java.util.Optional;

/// A tool call that waits, or waited, for a person: what the store holds of it.
///
/// @param version rises with anything that a message shows
/// @param status changes once, from pending
/// @param resolution how the waiting ended; empty while pending
/// @param delivered what the agent made of it
public record ApprovalRecord(
    String id,
    long version,
    Status status,
    ToolCall call,
    Instant raisedAt,
    Optional<Resolution> resolution,
    DeliveryStatus delivered) {

  public boolean pending() {
    return status == Status.PENDING;
  }

  /// Whether nothing is known yet of what the agent made of it.
  public boolean untold() {
    return delivered == DeliveryStatus.WAITING;
  }

  /// Who ended the waiting; nobody did when it expired.
  public Optional<String> decidedBy() {
    return resolution.filter(_ -> status != Status.EXPIRED).map(Resolution::by);
  }

  /// How the waiting ended.
  ///
  /// @param by the person, key or event that ended it
  /// @param via the channel, `api`, `hub` or `agent`
  /// @param arguments those that were approved instead, if edited
  public record Resolution(
      Instant at,
      String by,
      String via,
      Optional<String> reason,
      Optional<String> arguments,
      boolean remember) {}
}
