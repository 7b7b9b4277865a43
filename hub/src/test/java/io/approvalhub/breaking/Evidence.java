package io.approvalhub.breaking;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What platforms, agents and people saw of one job, and what the hub claims about it.
///
/// @param raised whether the agent has reason to believe that the hub knows the job
/// @param awaited whether somebody went on until it was decided
/// @param claims what the hub says: one approval
/// @param channels what each channel saw that should show the job
/// @param told what reached the agent, in order
/// @param clicks what people did, in order
/// @param read whether a client reads the stream in which the agent asked
/// @param hidden where the agent's answers may not have reached the hub
record Evidence(
    Job job,
    boolean raised,
    List<Claim> claims,
    Map<String, Seen> channels,
    List<Told> told,
    List<Clicked> clicks,
    boolean read,
    boolean hidden) {

  /// An approval as the hub's API shows it.
  record Claim(String id, String status, Optional<String> by, String delivered) {
    boolean pending() {
      return status.equals("pending");
    }

    boolean decided() {
      return status.equals("approved") || status.equals("denied");
    }
  }

  /// What a channel saw.
  ///
  /// @param copies the messages as they are now
  /// @param writings what was posted and edited, in order
  /// @param doubtful whether the hub may not know every copy
  /// @param alarmed whether the hub said that it gave this up
  record Seen(List<Copy> copies, List<Writing> writings, boolean doubtful, boolean alarmed) {

    Seen(List<Copy> copies, List<Writing> writings, boolean doubtful) {
      this(copies, writings, doubtful, false);
    }
  }

  /// A message as it is now.
  record Copy(String text, boolean buttons) {}

  /// A call that posted or edited a message.
  ///
  /// @param pending whether it showed the approval as waiting
  record Writing(boolean post, boolean pending) {}

  /// A decision that reached the agent.
  ///
  /// @param id the same whenever the same call is repeated
  /// @param counted whether the agent acted on it
  record Told(String id, boolean approved, boolean counted) {}

  /// A person's click.
  ///
  /// @param answer what the person was told; empty when no answer came
  /// @param recorded whether the answer says that this click decided
  record Clicked(
      String channel, String person, boolean approve, Optional<String> answer, boolean recorded) {}
}
