package io.approvalhub.plugin;

import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;

/// What a channel may ask of the hub. Each channel gets its own, which sees the approvals and the
/// state of that channel only.
///
/// Every method may be called from any thread, as often as needed, from `open` until `close`. They
/// wait for the hub's store, about a millisecond, and never for a network, except where the store
/// is one. Those that need the store throw [OutOfReachException] when it is out of reach: then the
/// update that was being dealt with must come again.
///
/// What people and platforms send may be passed on as it is. A token or an id that cannot be one
/// finds nothing, and words that cannot be kept, such as those with a NUL in them, decide nothing:
/// [#decide] says so.
public interface Hub {

  /// Where the platform reaches [Channel#receive]: `<hub.public-url>/channels/<name>`, or the hub's
  /// own loopback address when no public URL is configured.
  URI address();

  /// The hub's clock. Signatures and expiry are judged by it, so that tests can turn it.
  InstantSource clock();

  /// Who reads this channel, for the words and times in it. Ask when there is something to say, not
  /// in `open`: for a private chat, the hub first asks [Channel#person].
  Reader reader();

  /// Records what a person decided, if that person may and is the first.
  ///
  /// The hub, not the plugin, knows who may decide. The plugin vouches for [Person#id]. The
  /// decision is durable when this returns [Outcome.Recorded]. Calling it again with the same click
  /// does no harm: the second call is [Outcome.TooLate].
  Outcome decide(Decision decision);

  /// The approval that a message of this channel shows, in any status. For replies that quote a
  /// message.
  Optional<Approval> find(MessageRef message);

  /// The approval of that [Approval#id], in any status, if this channel shows it. For commands such
  /// as `/approve <id>`.
  Optional<Approval> find(String id);

  /// The platform said after [Channel#post] that the message never arrived. A pending approval is
  /// posted again; any other is left alone. An unknown message is ignored.
  void lost(MessageRef message, String why);

  /// A value that this channel saved with [#save], on this node or another.
  Optional<String> saved(String key);

  /// Saves a small value durably: a poll offset, a chat that moved. Keys have at most 64
  /// characters, values at most 64 kB.
  void save(String key, String value);

  /// Keeps a connection open for as long as the hub runs.
  ///
  /// The hub runs it on a virtual thread of its own, on one node at a time, and again after each
  /// failure with growing pauses. It returns at once. See [Connection].
  ///
  /// @param name one word for logs, such as `gateway`; different for each connection of a channel
  void connect(String name, Connection connection);

  /// Runs work that talks to the platform soon, on a virtual thread, such as answering a click. It
  /// is not repeated and does not survive a restart; a failure is logged once.
  void later(Work work);

  /// The platform was heard of just now. Called after every successful poll, hello or callback;
  /// `/health` shows the last time.
  void contact();

  /// Something is wrong that no method reports by itself, such as a message that was refused after
  /// it had been accepted. It is logged, counted, and shown in `/health` until the next [#contact].
  ///
  /// @param what one sentence that an operator can act upon, without secrets
  void trouble(String what);

  /// Work for [Hub#later].
  @FunctionalInterface
  interface Work {
    /// Does the work once.
    void run() throws IOException;
  }
}
