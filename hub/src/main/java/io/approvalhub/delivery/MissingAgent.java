package io.approvalhub.delivery;

import io.approvalhub.agent.Agent.Answer;
import io.approvalhub.approval.Delivery;
import io.approvalhub.connection.Contact;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Pace;

/// An agent that is no longer configured: nobody is told, and every copy says so.
record MissingAgent(String target, Contact contact) implements Recipient {

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
    return delivery.approval().pending()
        ? Result.nothing()
        : Result.told(new Answer(DeliveryStatus.GONE, "no longer configured"));
  }
}
