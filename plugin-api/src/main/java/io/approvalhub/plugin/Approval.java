package io.approvalhub.plugin;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A tool call that waits for a person, as one channel may show it at one moment.
///
/// Every text is ready to be shown: secrets are masked, and control, bidirectional and zero-width
/// characters are written out as `[U+200B]`, so nothing in it is invisible. Markup and mentions are
/// not neutralised, since every platform has its own: escaping is the plugin's work.
///
/// @param id the hub's name for it: 26 characters of `[0-9a-z]`, in the order of time
/// @param token this channel's handle on it, for buttons: 22 characters of `[A-Za-z0-9_-]`, a new
///     one for each channel, not to be guessed
/// @param version rises with every change that a message shows
/// @param status where it stands
/// @param agent the configured agent that raised it
/// @param worker who asked within the agent, if it said
/// @param session the agent's conversation, if it said
/// @param tool the tool to be called
/// @param arguments the tool call's arguments as indented JSON, of any length
/// @param risk as the agent rates it, such as `low`, `medium` or `high`
/// @param reason why the agent asks, in its own words; may be empty
/// @param raisedAt when the agent asked, or, where it does not say, when the hub learnt of it
/// @param expiresAt when waiting ends and nothing is approved, if it ever does
/// @param decided who ended the waiting; empty while pending
/// @param delivered what the agent made of the decision
/// @param actions what a person can do now, in the order of the buttons; empty unless pending
/// @param editable whether the agent takes edited arguments
/// @param remembers what [Action#APPROVE_AND_REMEMBER] would cover, in words for its button, if the
///     agent can
public record Approval(
    String id,
    String token,
    long version,
    Status status,
    String agent,
    Optional<String> worker,
    Optional<String> session,
    String tool,
    String arguments,
    String risk,
    String reason,
    Instant raisedAt,
    Optional<Instant> expiresAt,
    Optional<Decided> decided,
    Delivered delivered,
    List<Action> actions,
    boolean editable,
    Optional<String> remembers) {

  public Approval {
    actions = List.copyOf(actions);
  }

  /// The text for the button of `action`.
  public String button(Action action) {
    return new Button(token, action).data();
  }

  /// Whether it still waits.
  public boolean pending() {
    return status == Status.PENDING;
  }

  /// Where an approval stands. It changes once, from `PENDING`.
  public enum Status {
    /// Waiting for a person.
    PENDING,
    /// The tool call may run.
    APPROVED,
    /// The tool call may not run.
    DENIED,
    /// Withdrawn, or decided elsewhere; the tool call does not run by this hub's doing.
    CANCELLED,
    /// Nobody decided in time; the tool call may not run.
    EXPIRED
  }

  /// What the agent made of the decision.
  public enum Delivered {
    /// Not told yet, or there is nothing to tell.
    WAITING,
    /// The agent took it.
    DELIVERED,
    /// The agent no longer waited for it.
    GONE,
    /// The agent was told and did not answer; it may have taken it.
    UNKNOWN
  }

  /// How the waiting ended.
  ///
  /// @param by the person or key, as the operator named it; or what ended it, for a cancellation
  /// @param via the channel, or `api`
  /// @param at when
  /// @param reason in the person's words, if given
  /// @param edited the arguments that were approved instead, as indented JSON, if they were edited
  public record Decided(
      String by, String via, Instant at, Optional<String> reason, Optional<String> edited) {}
}
