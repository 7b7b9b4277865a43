package io.approvalhub.approval;

import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Approval.Status;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// A tool call that waits, or waited, for a person: what the store holds of it.
///
/// @param version rises with anything that a message shows
/// @param terms under which it waits
/// @param standing where it stands
public record ApprovalRecord(
    String id, long version, ToolCall call, Instant raisedAt, Terms terms, Standing standing) {

  /// The same under these terms.
  ApprovalRecord under(Terms others) {
    return new ApprovalRecord(id, version, call, raisedAt, others, standing);
  }

  /// See [Terms#expiresAt].
  public Optional<Instant> expiresAt() {
    return terms.expiresAt();
  }

  /// Everybody who is shown it, or told how it ended, by [Target].
  public Set<String> targets() {
    var targets = new HashSet<String>();
    targets.add(Target.agent(call.agent()));
    terms.channels().forEach(channel -> targets.add(Target.channel(channel)));
    return targets;
  }

  /// See [Standing#status].
  public Status status() {
    return standing.status();
  }

  /// See [Standing#resolution].
  public Optional<Resolution> resolution() {
    return standing.resolution();
  }

  /// See [Standing#delivered].
  public DeliveryStatus delivered() {
    return standing.delivered();
  }

  /// See [Standing#trouble].
  public Optional<String> trouble() {
    return standing.trouble();
  }

  public boolean pending() {
    return status() == Status.PENDING;
  }

  /// Whether nothing is known yet of what the agent made of it.
  public boolean untold() {
    return delivered() == DeliveryStatus.WAITING;
  }

  /// Whether its arguments are no longer known.
  public boolean forgotten() {
    return call.arguments().isEmpty();
  }

  /// As its agent may be told of it: an approval with an edit that is no longer known cannot be
  /// said exactly any more, and is a denial.
  public ApprovalRecord sayable() {
    return status() == Status.APPROVED && resolution().orElseThrow().edit().isForgotten()
        ? new ApprovalRecord(id, version, call, raisedAt, terms, standing.denied())
        : this;
  }

  /// Who ended the waiting; nobody did when it expired.
  public Optional<String> decidedBy() {
    return resolution().filter(_ -> status() != Status.EXPIRED).map(Resolution::by);
  }

  /// Where an approval stands.
  ///
  /// @param status changes once, from pending
  /// @param resolution how the waiting ended; empty while pending
  /// @param delivered what the agent made of it
  /// @param trouble why the agent could not be told yet; empty when nothing went wrong
  public record Standing(
      Status status,
      Optional<Resolution> resolution,
      DeliveryStatus delivered,
      Optional<String> trouble) {

    /// Nobody has said anything yet.
    static final Standing WAITING =
        new Standing(Status.PENDING, Optional.empty(), DeliveryStatus.WAITING, Optional.empty());

    private Standing denied() {
      return new Standing(Status.DENIED, resolution.map(Resolution::forgotten), delivered, trouble);
    }
  }

  /// How the waiting ended.
  ///
  /// @param by the person, key or event that ended it
  /// @param via the channel, `api`, `hub` or `agent`
  /// @param edit of the arguments, if one was made
  public record Resolution(
      Instant at, String by, String via, Optional<String> reason, Edit edit, boolean remember) {

    /// Those that were approved instead, if edited.
    public Optional<String> arguments() {
      return edit.arguments();
    }

    private Resolution forgotten() {
      var why = "approved, but what was approved is no longer known";
      return new Resolution(at, by, via, Optional.of(why), Edit.NONE, false);
    }
  }

  /// What was made of the arguments.
  ///
  /// @param isMade whether they were edited
  /// @param arguments those that were approved instead; empty also once they are forgotten
  public record Edit(boolean isMade, Optional<String> arguments) {

    /// They are approved as they were asked for.
    public static final Edit NONE = new Edit(false, Optional.empty());

    static Edit of(Optional<String> arguments) {
      return new Edit(arguments.isPresent(), arguments);
    }

    boolean isForgotten() {
      return isMade && arguments.isEmpty();
    }
  }
}
