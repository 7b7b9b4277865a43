package io.approvalhub.agent.relay;

/// @param name `message` when the stream does not say
/// @param data its lines, joined by line feeds
public record ServerSentEvent(String name, String data) {

  /// The name of an event that has none.
  public static final String UNNAMED = "message";
}
