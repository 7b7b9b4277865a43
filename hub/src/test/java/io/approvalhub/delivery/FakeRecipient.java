package io.approvalhub.delivery;

import io.approvalhub.approval.Delivery;
import io.approvalhub.connection.Contact;
import io.approvalhub.plugin.Pace;
import java.util.function.Function;

/// A channel called `one` that does what a test says.
record FakeRecipient(Contact contact, Function<Delivery, Result> does) implements Recipient {

  @Override
  public String target() {
    return "channel:one";
  }

  @Override
  public Pace pace() {
    return Pace.UNLIMITED;
  }

  @Override
  public int atOnce() {
    return 1;
  }

  @Override
  public Result bringUp(Delivery delivery) {
    return does.apply(delivery);
  }
}
