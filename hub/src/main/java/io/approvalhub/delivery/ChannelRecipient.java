package io.approvalhub.delivery;

import io.approvalhub.approval.Delivery;
import io.approvalhub.approval.Outbox.Copy;
import io.approvalhub.approval.Target;
import io.approvalhub.channel.OpenChannel;
import io.approvalhub.connection.Contact;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Pace;
import java.io.IOException;
import java.util.Optional;

/// A channel: posts what waits, and updates what it posted. What was decided before it was posted
/// is not posted.
record ChannelRecipient(OpenChannel open, Pace pace) implements Recipient {

  ChannelRecipient(OpenChannel open) {
    this(open, open.channel().pace());
  }

  @Override
  public String target() {
    return Target.channel(open.name());
  }

  @Override
  public Contact contact() {
    return open.contact();
  }

  @Override
  public int atOnce() {
    return open.channel().atOnce();
  }

  @Override
  public Result bringUp(Delivery delivery) throws IOException {
    var channel = open.channel();
    if (delivery.message().isEmpty() && delivery.approval().pending()) {
      return shown(channel.post(view(delivery)));
    }
    var message = message(delivery);
    if (message.isEmpty()) {
      return Result.nothing();
    }
    channel.update(message.get(), view(delivery));
    return shown(message.get());
  }

  private Optional<MessageRef> message(Delivery delivery) throws IOException {
    return delivery.message().isPresent() || delivery.attempts() == 0
        ? delivery.message()
        : open.channel().find(view(delivery));
  }

  private Result shown(MessageRef message) {
    contact().good();
    return Result.shown(message);
  }

  private Approval view(Delivery delivery) {
    return open.view(new Copy(delivery.approval(), delivery.token()));
  }
}
