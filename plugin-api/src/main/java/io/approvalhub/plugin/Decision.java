package io.approvalhub.plugin;

import java.util.Optional;

/// What a person wants done with one approval, as a channel understood it.
///
/// @param token the [Approval#token] that the button or the quoted message stands for
/// @param message the message that was pressed or quoted, if the platform says which; see
///     [#on(MessageRef)]
/// @param verdict approve or deny
/// @param person who acted, as the platform vouches
/// @param additions what goes with the verdict
public record Decision(
    String token,
    Optional<MessageRef> message,
    Verdict verdict,
    Person person,
    Additions additions) {

  /// What pressing `button` decides.
  public static Decision of(Button button, Person person) {
    var remember = button.action() == Action.APPROVE_AND_REMEMBER;
    var additions = new Additions(Optional.empty(), Optional.empty(), remember);
    return new Decision(
        button.token(), Optional.empty(), button.action().verdict(), person, additions);
  }

  /// What `verdict` on a whole approval decides, for replies and commands.
  public static Decision of(Approval approval, Verdict verdict, Person person) {
    return of(approval.token(), verdict, person);
  }

  /// The same, for the approval that this channel shows under `token`.
  public static Decision of(String token, Verdict verdict, Person person) {
    return new Decision(token, Optional.empty(), verdict, person, Additions.NONE);
  }

  /// The same, said on this message. Every click says so where the platform tells which message it
  /// stands on: a message whose reference was never saved, since the hub was killed between posting
  /// and saving, is made known by it and updated like the others.
  public Decision on(MessageRef pressed) {
    return new Decision(token, Optional.of(pressed), verdict, person, additions);
  }

  /// The same with a reason; a blank one is none.
  public Decision because(String why) {
    var words = Optional.of(why.strip()).filter(text -> !text.isEmpty());
    return with(new Additions(words, arguments(), remember()));
  }

  /// The same with other arguments for the tool call.
  public Decision editing(String json) {
    return with(new Additions(reason(), Optional.of(json), remember()));
  }

  /// See [Additions#reason].
  public Optional<String> reason() {
    return additions.reason();
  }

  /// See [Additions#arguments].
  public Optional<String> arguments() {
    return additions.arguments();
  }

  /// See [Additions#remember].
  public boolean remember() {
    return additions.remember();
  }

  private Decision with(Additions others) {
    return new Decision(token, message, verdict, person, others);
  }

  /// What goes with a verdict.
  ///
  /// @param reason in the person's words, at most 3,000 characters count; goes to the agent if it
  ///     takes one
  /// @param arguments a JSON object that replaces the tool call's arguments as a whole; only with
  ///     an approve, and only where [Approval#editable]
  /// @param remember approve similar calls too; only where [Approval#remembers] is present
  public record Additions(Optional<String> reason, Optional<String> arguments, boolean remember) {

    /// The verdict alone.
    public static final Additions NONE = new Additions(Optional.empty(), Optional.empty(), false);
  }
}
