package io.approvalhub.delivery;

import io.approvalhub.approval.Delivery;
import io.approvalhub.connection.Contact;
import io.approvalhub.plugin.Pace;
import java.io.IOException;

/// Somebody who is shown approvals: a channel, or an agent that is told how they ended.
interface Recipient {

  /// Its name in the store.
  String target();

  Contact contact();

  /// How fast it may be called.
  Pace pace();

  /// How many calls it takes at once.
  int atOnce();

  /// Shows it the approval as it is.
  Result bringUp(Delivery delivery) throws IOException;

  /// Says that it did not work and will be tried again.
  default void troubled(Delivery delivery, String why) {}

  /// Says that it is tried no longer.
  default void gaveUp(Delivery delivery, String why) {}

  /// Whether a delivery that keeps failing is given up some time after the approval has ended.
  default boolean givesUp() {
    return false;
  }
}
