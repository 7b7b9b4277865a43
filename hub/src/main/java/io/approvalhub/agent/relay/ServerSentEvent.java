package io.approvalhub.agent.relay;

/// @param name `message` when the stream does not say
/// @param data its lines, joined by line feeds
public record ServerSentEvent(String name, String data) {}
