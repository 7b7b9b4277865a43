package io.approvalhub.delivery;

import io.approvalhub.approval.Desk;
import io.approvalhub.connection.Contact;
import io.approvalhub.plugin.Approval.Delivered;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Pace;
import java.util.Optional;

/// An agent that is no longer configured: nobody is told, and every copy says so.
record MissingAgent(String target, Contact contact, Desk desk) implements Recipient {

  @Override
  public Pace pace() {
    return Pace.UNLIMITED;
  }

  @Override
  public int atOnce() {
    return 1;
  }

  @Override
  public Optional<MessageRef> bringUp(Delivery delivery) {
    if (!delivery.approval().pending()) {
      desk.told(delivery.approval().id(), Delivered.GONE, "no longer configured");
    }
    return Optional.empty();
  }
}
