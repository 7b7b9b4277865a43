package io.approvalhub.plugin;

import java.net.URI;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// What stands in for a platform while the hub rehearses, which it does once, when it was built, so
/// that Java learns what a hub does. Nothing leaves the machine, and nobody decides there.
///
/// @param settings of a channel on the platform that is found at that address, a host and a port
///     without a path; secrets are made up. With them the channel posts and updates, and waits for
///     nothing else: it opens no socket and polls nothing
/// @param answer the JSON that a call to that path is answered with, with status 200; asked on many
///     threads at once
public record StandIn(Function<URI, Map<String, Object>> settings, UnaryOperator<String> answer) {}
