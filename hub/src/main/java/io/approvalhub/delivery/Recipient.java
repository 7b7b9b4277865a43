package io.approvalhub.delivery;

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

  /// What came of it when it will never work.
  default Result refused(Delivery delivery, String why) {
    return Result.nothing();
  }
}
