package io.approvalhub.plugin;

import java.io.IOException;

/// Nothing works until an operator acts: the token was revoked, the chat does not exist, the bot
/// was removed. The hub raises an alarm, keeps what there is to send, and tries one call every ten
/// minutes.
public final class StoppedException extends IOException {

  private static final long serialVersionUID = 1;

  /// @param message what is wrong and what would mend it, without secrets
  public StoppedException(String message) {
    super(message);
  }
}
