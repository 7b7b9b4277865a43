package io.approvalhub.plugin;

/// Who acted on the platform.
///
/// @param id the id that the platform vouches for and never gives to another: a Slack `U…`, a
///     Telegram number. Never a name that its owner can change
/// @param name how the platform shows the person; for logs and messages only, never for deciding
///     who may
public record Person(String id, String name) {}
