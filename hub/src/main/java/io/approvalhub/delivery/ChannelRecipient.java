package io.approvalhub.delivery;

import io.approvalhub.approval.Copies.Copy;
import io.approvalhub.approval.Target;
import io.approvalhub.channel.OpenChannel;
import io.approvalhub.channel.Views;
import io.approvalhub.connection.Contact;
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
    return 1;
  }

  @Override
  public Optional<MessageRef> bringUp(Delivery delivery) throws IOException {
    var shown = shown(delivery);
    if (shown.isPresent()) {
      contact().good();
    }
    return shown;
  }

  private Optional<MessageRef> shown(Delivery delivery) throws IOException {
    var message = delivery.message();
    if (message.isPresent()) {
      open.channel().update(message.get(), view(delivery));
      return message;
    }
    return delivery.approval().pending()
        ? Optional.of(open.channel().post(view(delivery)))
        : Optional.empty();
  }

  private static io.approvalhub.plugin.Approval view(Delivery delivery) {
    return Views.of(new Copy(delivery.approval(), delivery.token()));
  }
}
