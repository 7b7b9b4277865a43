package io.approvalhub.breaking;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// A tool call that an agent will ask about.
///
/// @param name by which everything about it is found again
/// @param at when the agent asks, from the beginning of the run
/// @param expiresIn in seconds; where the agent is relayed, its client goes then
/// @param awaited whether somebody will decide, however often that takes
record Job(String name, Source source, Duration at, Optional<Integer> expiresIn, boolean awaited) {

  /// The same, as the agent asks about it once more.
  Job attempt(String number) {
    return new Job(number, source, at, Optional.empty(), awaited);
  }

  /// The agents of a run.
  enum Source {
    /// A HiveGate, polled and told.
    CODER("phone"),
    /// Asks over the API until it has an answer.
    ASKER("discord"),
    /// Asks over the API and is called back.
    CALLER("slack"),
    /// Asks as that one does, and never answers when it is called back.
    UNHEARD("slack"),
    /// A mistral.rs, whose clients read its streams through the hub. Each stream asks anew.
    RELAYED("discord");

    private final String chat;

    Source(String chat) {
      this.chat = chat;
    }

    /// The name of the agent in the configuration.
    String agent() {
      return (this == UNHEARD ? CALLER : this).name().toLowerCase(Locale.ROOT);
    }

    /// The channel that shows its approvals, besides those that show everybody's.
    String chat() {
      return chat;
    }
  }
}
