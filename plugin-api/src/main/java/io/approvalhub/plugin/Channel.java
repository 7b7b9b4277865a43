package io.approvalhub.plugin;

import java.io.IOException;
import java.util.Optional;

/// A configured place on a platform where approvals are shown and decided: one Slack channel, one
/// Telegram chat, one webhook receiver.
///
/// The hub calls [#post], [#find] and [#update] on a virtual thread, so blocking is fine: one call
/// at a time, unless [#atOnce] says otherwise, in the order in which approvals should be shown, and
/// never two at once for one approval. [#receive] is called on any number of threads at once, also
/// while one of the others runs.
///
/// What goes wrong is told by the type of the exception:
///
/// - a plain [IOException]: try again; the hub backs off by itself
/// - [TryAgainException]: try again, no earlier than the platform said
/// - [RefusedException]: this message will never be taken; the hub gives it up and says so
/// - [StoppedException]: nothing will be taken until an operator acts (a revoked token, a wrong
///   chat); the hub raises an alarm and tries a single message every ten minutes
///
/// Any other exception is treated as a plain IOException. No message of an exception may hold a
/// token, a signature or a body: it ends in the log and in `/health`.
public interface Channel extends AutoCloseable {

  /// Shows a pending approval as a new message with one button for each of [Approval#actions].
  ///
  /// Called once for each approval; again when it failed, or when the hub was killed before it
  /// could save the answer. A plugin that can make the second post the same message derives its key
  /// from [Approval#token].
  ///
  /// What does not fit is attached in full before the message itself; where that is impossible, the
  /// approve button is left out and the message says so.
  ///
  /// @return how to find the message again; saved before anything else is sent
  MessageRef post(Approval approval) throws IOException;

  /// Finds the message of a [#post] that failed, or whose answer was lost, so that it can be told
  /// how the approval ended.
  ///
  /// Called in place of another `post` once the approval is no longer pending; a message that is
  /// found is passed to [#update]. A plugin whose platform cannot tell keeps this default, which
  /// finds nothing.
  default Optional<MessageRef> find(Approval approval) throws IOException {
    return Optional.empty();
  }

  /// Makes a message show what is true now.
  ///
  /// Called with the newest version only, at least once for each message that a newer version
  /// exists for. As soon as the approval is no longer pending, the message shows no buttons. A
  /// message that already shows this is a success; one that a person deleted is a
  /// [RefusedException].
  void update(MessageRef message, Approval approval) throws IOException;

  /// Answers a call of the platform to [Hub#address].
  ///
  /// Called for every GET and POST that reaches that address, whoever sent it: the first thing to
  /// do is to verify the signature over the untouched [HttpCall#body]. It waits for nothing beyond
  /// that and [Hub#decide]; what talks to the platform goes to [Hub#later].
  ///
  /// Channels that are not called over HTTP keep this default, which answers 404.
  default HttpReply receive(HttpCall call) throws IOException {
    return HttpReply.of(404);
  }

  /// The [Person#id] of the one who reads this channel, where it is a private chat: then words and
  /// times are theirs. Asked after `open`, any number of times; always the same answer.
  default Optional<String> person() {
    return Optional.empty();
  }

  /// The most that the platform takes from this channel. Asked once, after `open`.
  default Pace pace() {
    return Pace.UNLIMITED;
  }

  /// How many calls of [#post] and [#update] may run at once, each for another approval.
  ///
  /// Asked once, after `open`; more than one is for channels that keep no order between their
  /// messages.
  default int atOnce() {
    return 1;
  }

  /// Ends the channel. Called once, when the hub stops, after its connections have ended and while
  /// no other method runs.
  @Override
  default void close() {}
}
