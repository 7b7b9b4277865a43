package io.approvalhub.channel;

import io.approvalhub.approval.Outbox;
import jakarta.inject.Singleton;

/// What is kept for channels.
///
/// @param outbox what each was to show, and shows
/// @param saved what the plugins save for themselves
@Singleton
record ChannelStore(Outbox outbox, ChannelMemory saved) {}
