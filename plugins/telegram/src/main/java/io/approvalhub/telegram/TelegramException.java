package io.approvalhub.telegram;

import java.io.IOException;

/// Telegram refused a call for a reason that the channel can do something about.
final class TelegramException extends IOException {

  private static final long serialVersionUID = 1;

  private final Problem problem;
  private final String chat;

  TelegramException(Problem problem, String message, String chat) {
    super(message);
    this.problem = problem;
    this.chat = chat;
  }

  Problem problem() {
    return problem;
  }

  /// Where the chat went, if it `MOVED`.
  String chat() {
    return chat;
  }

  /// What the channel can do something about.
  enum Problem {
    /// The group is a supergroup now, with another id.
    MOVED,
    /// The markup was not understood.
    MARKUP,
    /// The message shows this already.
    SAME,
    /// The click is too old to be answered.
    LATE,
    /// Somebody else listens for the same bot.
    CONFLICT
  }
}
