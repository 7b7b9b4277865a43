package io.approvalhub.plugin;

/// A setting is missing, malformed or unknown. Its message is one line for the operator: the full
/// key, what is wrong, and what would be right. It stops the start.
public final class InvalidSettingException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// @param message the one line, without the value of a secret
  public InvalidSettingException(String message) {
    super(message);
  }
}
