package io.approvalhub.plugin;

/// How a channel finds a message again. The hub saves it and hands it back; only the plugin knows
/// what the two strings mean.
///
/// @param place the conversation that holds the message, in the platform's own terms: a chat, a
///     channel. Part of the reference because on most platforms a message id is unique only within
///     its place
/// @param id the message within its place
public record MessageRef(String place, String id) {}
