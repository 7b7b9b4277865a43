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
/// The parts are records of their own; the methods below read through them.
///
/// @param id the hub's name for it: 26 characters of `[0-9a-z]`, in the order of time
/// @param token this channel's handle on it, for buttons: 22 characters of `[A-Za-z0-9_-]`, a new
///     one for each channel, not to be guessed
/// @param origin who asks, and since when
/// @param call what is to be run
/// @param state where it stands now
/// @param offer what a person can say now
public record Approval(
    String id, String token, Origin origin, Call call, State state, Offer offer) {

  /// The text for the button of `action`.
  public String button(Action action) {
    return new Button(token, action).data();
  }

  /// Whether it still waits.
  public boolean pending() {
    return status() == Status.PENDING;
  }

  /// See [Origin#agent].
  public String agent() {
    return origin.agent();
  }

  /// See [Origin#worker].
  public Optional<String> worker() {
    return origin.worker();
  }

  /// See [Origin#session].
  public Optional<String> session() {
    return origin.session();
  }

  /// See [Origin#raisedAt].
  public Instant raisedAt() {
    return origin.raisedAt();
  }

  /// See [Call#tool].
  public String tool() {
    return call.tool();
  }

  /// See [Call#headline].
  public String headline() {
    return call.headline();
  }

  /// See [Call#parts].
  public List<Part> parts() {
    return call.parts();
  }

  /// See [Call#arguments].
  public String arguments() {
    return call.arguments();
  }

  /// See [Remarks#risk].
  public String risk() {
    return call.remarks().risk();
  }

  /// See [Remarks#reason].
  public String reason() {
    return call.remarks().reason();
  }

  /// See [Remarks#hints].
  public List<Hint> hints() {
    return call.remarks().hints();
  }

  /// See [State#version].
  public long version() {
    return state.version();
  }

  /// See [State#status].
  public Status status() {
    return state.status();
  }

  /// See [State#expiresAt].
  public Optional<Instant> expiresAt() {
    return state.expiresAt();
  }

  /// See [State#tally].
  public Tally tally() {
    return state.tally();
  }

  /// See [State#ending].
  public Optional<Ending> ending() {
    return state.ending();
  }

  /// See [Ending#amendment].
  public Optional<Amendment> amendment() {
    return ending().flatMap(Ending::amendment);
  }

  /// See [Answer#delivered].
  public DeliveryStatus delivered() {
    return state.answer().delivered();
  }

  /// See [Answer#trouble].
  public Optional<String> trouble() {
    return state.answer().trouble();
  }

  /// See [Offer#actions].
  public List<Action> actions() {
    return offer.actions();
  }

  /// See [Offer#editable].
  public boolean editable() {
    return offer.editable();
  }

  /// See [Offer#remembers].
  public Optional<String> remembers() {
    return offer.remembers();
  }

  /// Who asks, and since when.
  ///
  /// @param agent the configured agent that raised it
  /// @param worker who asked within the agent, if it said
  /// @param session the agent's conversation, if it said
  /// @param raisedAt when the agent asked, or, where it does not say, when the hub learnt of it
  public record Origin(
      String agent, Optional<String> worker, Optional<String> session, Instant raisedAt) {}

  /// What is to be run.
  ///
  /// @param tool the tool to be called
  /// @param headline one line that says what the agent wants to do with it, in the language of
  ///     [Hub#reader]. It names the agent and the tool, has at most some 300 characters, and may
  ///     leave out parts of long values: it is no substitute for the parts
  /// @param parts the arguments as people read them, every value once, in the order in which they
  ///     should be read; empty when there are none
  /// @param arguments the same as one text of indented JSON, of any length
  /// @param remarks what is said of it
  public record Call(
      String tool, String headline, List<Part> parts, String arguments, Remarks remarks) {

    public Call {
      parts = List.copyOf(parts);
    }
  }

  /// What the agent and the tool say of a call. Nobody has checked it, and messages should say so.
  ///
  /// @param risk as the agent rates it, such as `low`, `medium` or `high`; may be empty
  /// @param reason why the agent asks, in its own words; may be empty
  /// @param hints what the tool says of itself
  public record Remarks(String risk, String reason, List<Hint> hints) {

    public Remarks {
      hints = List.copyOf(hints);
    }
  }

  /// Where it stands.
  ///
  /// @param version rises with every change that a message shows
  /// @param status changes once, from pending
  /// @param expiresAt when waiting ends and nothing is approved, if it ever does
  /// @param tally who has approved it so far, and how many must
  /// @param ending how the waiting ended; empty while pending
  /// @param answer what the agent made of the decision
  public record State(
      long version,
      Status status,
      Optional<Instant> expiresAt,
      Tally tally,
      Optional<Ending> ending,
      Answer answer) {}

  /// Who has said what so far.
  ///
  /// @param quorum how many people must approve, at least 1
  /// @param ballots the last word of each person, in the order in which they were given; empty
  ///     where one person decides
  public record Tally(int quorum, List<Ballot> ballots) {

    /// One person decides, and has not.
    public static final Tally ONE = new Tally(1, List.of());

    public Tally {
      ballots = List.copyOf(ballots);
    }

    /// How many have approved.
    public long approvals() {
      return ballots.stream().filter(ballot -> ballot.verdict == Verdict.APPROVE).count();
    }
  }

  /// One person's word while more must approve.
  ///
  /// @param by the person, as the operator named them
  /// @param via the channel, or `api`
  /// @param at when
  /// @param reason in the person's words, if given
  public record Ballot(
      String by, String via, Instant at, Verdict verdict, Optional<String> reason) {}

  /// What the agent made of the decision.
  ///
  /// @param trouble why the agent could not be told yet, in words to be shown; the hub tries again.
  ///     Only while `delivered` is [DeliveryStatus#WAITING], empty when nothing went wrong
  public record Answer(DeliveryStatus delivered, Optional<String> trouble) {

    /// Not told yet, and nothing went wrong.
    public static final Answer NONE = new Answer(DeliveryStatus.WAITING, Optional.empty());
  }

  /// What a person can say.
  ///
  /// @param actions in the order of the buttons; empty unless pending
  /// @param editable whether the agent takes edited arguments
  /// @param remembers what [Action#APPROVE_AND_REMEMBER] would cover, in words for its button, if
  ///     the agent can
  public record Offer(List<Action> actions, boolean editable, Optional<String> remembers) {

    public Offer {
      actions = List.copyOf(actions);
    }
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
  public enum DeliveryStatus {
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
  /// @param amendment what was approved instead, if the arguments were edited
  public record Ending(
      String by, String via, Instant at, Optional<String> reason, Optional<Amendment> amendment) {

    /// See [Amendment#arguments].
    public Optional<String> edited() {
      return amendment.map(Amendment::arguments);
    }
  }

  /// Arguments that a person put in the place of the agent's.
  ///
  /// @param arguments all of them, as indented JSON
  /// @param parts the same as people read them
  /// @param changes what is different from what the agent asked for
  public record Amendment(String arguments, List<Part> parts, Part.Diff changes) {

    public Amendment {
      parts = List.copyOf(parts);
    }
  }
}
