package io.approvalhub.channel;

import io.approvalhub.connection.Contact;
import io.approvalhub.plugin.Channel;

/// A channel that the hub has opened.
public record OpenChannel(String name, Channel channel, Contact contact) {}
