package io.approvalhub.plugin;

import java.util.Optional;

/// What a person wants done with one approval, as a channel understood it.
///
/// @param token the [Approval#token] that the button or the quoted message stands for
/// @param verdict approve or deny
/// @param person who acted, as the platform vouches
/// @param reason in the person's words, at most 3,000 characters count; goes to the agent if it
///     takes one
/// @param arguments a JSON object that replaces the tool call's arguments as a whole; only with an
///     approve, and only where [Approval#editable]
/// @param remember approve similar calls too; only where [Approval#remembers] is present
public record Decision(
    String token,
    Verdict verdict,
    Person person,
    Optional<String> reason,
    Optional<String> arguments,
    boolean remember) {

  /// What pressing `button` decides.
  public static Decision of(Button button, Person person) {
    return new Decision(
        button.token(),
        button.action().verdict(),
        person,
        Optional.empty(),
        Optional.empty(),
        button.action() == Action.APPROVE_AND_REMEMBER);
  }

  /// What `verdict` on a whole approval decides, for replies and commands.
  public static Decision of(Approval approval, Verdict verdict, Person person) {
    return new Decision(
        approval.token(), verdict, person, Optional.empty(), Optional.empty(), false);
  }

  /// The same with a reason; a blank one is none.
  public Decision because(String why) {
    return new Decision(
        token,
        verdict,
        person,
        Optional.of(why.strip()).filter(text -> !text.isEmpty()),
        arguments,
        remember);
  }

  /// The same with other arguments for the tool call.
  public Decision editing(String json) {
    return new Decision(token, verdict, person, reason, Optional.of(json), remember);
  }
}
