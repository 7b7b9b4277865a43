package io.approvalhub.breaking;

import java.time.Duration;

/// A person who will decide about a job in a channel, or through the API where that is `api`.
///
/// @param at when, from the beginning of the run
record Click(Job job, String channel, String person, boolean approve, Duration at) {}
