package io.approvalhub.plugin;

/// The hub's store is out of reach: what was asked of [Hub] was not done, or it is not known
/// whether it was.
///
/// It says nothing about the click or message that was being dealt with. Leave that where it is, so
/// that it comes again: let the exception out of [Connection#run] or [Channel#receive], and the hub
/// runs the connection again, or answers the call with 503. Any other exception that one update
/// causes would come again with it, for ever: such an update is passed over.
public final class OutOfReachException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// @param message what happened, without secrets
  /// @param cause what the store said
  public OutOfReachException(String message, Throwable cause) {
    super(message, cause);
  }
}
