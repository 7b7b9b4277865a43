package io.approvalhub.channel;

import io.approvalhub.approval.Outbox.Copy;
import io.approvalhub.connection.Contact;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Channel;

/// A channel that the hub has opened.
public record OpenChannel(ChannelHub hub, Channel channel, Contact contact) {

  public String name() {
    return hub.name();
  }

  /// An approval as the channel shows it.
  public Approval view(Copy copy) {
    return hub.view(copy);
  }
}
