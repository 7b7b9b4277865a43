package io.approvalhub.testkit;

import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Person;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A chat platform on 127.0.0.1 that speaks the real one's wire, remembers what it was sent, and
/// refuses what the real one would refuse.
///
/// It is a platform, not a client: the plugin talks to it through its own library, over HTTP or a
/// socket. All methods may be called from any thread; those that wait do so for ten seconds at most
/// and then fail.
public interface FakePlatform extends AutoCloseable {

  /// The settings of a channel on this platform, base URL override and valid secrets included.
  Map<String, Object> settings();

  /// Where the platform sends callbacks from now on: [io.approvalhub.plugin.Hub#address] of the
  /// channel. A platform whose events go through a poll or a socket ignores it.
  void callBack(URI address);

  /// The messages as people see them now, oldest first. Attachments belong to the message that
  /// shows the approval, whichever call brought them.
  List<Shown> shown();

  /// A person presses the button of `action`, or fills in the dialog that it opens when there is a
  /// reason.
  ///
  /// The button may be gone by now: the press is sent all the same, as from a screen that was not
  /// refreshed.
  ///
  /// @return what the platform shows that person alone in answer; empty when nothing
  String click(Shown message, Action action, Person person, Optional<String> reason);

  /// A person answers the message in words, quoting it where `message` is present.
  ///
  /// @return what is said to that person in answer; empty when nothing
  /// @throws UnsupportedOperationException when people cannot answer in words on this platform
  String say(Optional<Shown> message, String text, Person person);

  /// A person forwards to the channel what somebody else wrote elsewhere.
  ///
  /// @return what is said to that person in answer; empty when nothing
  /// @throws UnsupportedOperationException when people cannot write to the channel at all
  default String forward(String text, Person person) {
    throw new UnsupportedOperationException("nobody can write here");
  }

  /// Callbacks for an approve click on `message` by `person` that the real platform would never
  /// send: not signed, signed with another key, too old, too new, sent twice. Empty where no
  /// callback is received.
  List<HttpCall> forgeries(Shown message, Person person);

  /// A person deletes the message.
  ///
  /// @return false where people cannot
  default boolean delete(Shown message) {
    return false;
  }

  /// Answers the next `times` calls of the plugin with this trouble.
  void trouble(Trouble trouble, int times);

  /// Every call the plugin made so far, in order, the refused ones included.
  List<Call> calls();

  /// Tells `listener` of every such call from now on, before it is answered, on the thread that
  /// answers it.
  void onCall(Consumer<Call> listener);

  /// Ends the platform; a second time it does nothing.
  @Override
  void close();

  /// A message as it is seen.
  ///
  /// @param ref where it is
  /// @param text all its text, markup resolved as the platform would: what a person reads
  /// @param buttons what its buttons carry, by what they stand for
  /// @param attachments the texts of the files and follow-up messages that belong to it
  /// @param pings who or what the platform would notify because of its text; must stay empty
  /// @param edits how often it was changed, or, where nothing can be edited, followed up
  record Shown(
      MessageRef ref,
      String text,
      Map<Action, String> buttons,
      List<String> attachments,
      List<String> pings,
      int edits) {}

  /// A call that the plugin made.
  ///
  /// @param name the method, such as `sendMessage` or `chat.postMessage`
  /// @param body as JSON, whatever the encoding on the wire
  /// @param status what it was answered with
  record Call(String name, String body, int status) {}

  /// What can go wrong on a platform.
  enum Trouble {
    /// HTTP 429, asking for two seconds.
    TOO_MANY,
    /// HTTP 500.
    BROKEN,
    /// The call arrives, takes effect, and its answer is lost.
    ANSWER_LOST,
    /// The call arrives, has no effect, and is answered 200 with a page for people.
    NONSENSE,
    /// The credentials are refused.
    REVOKED
  }
}
