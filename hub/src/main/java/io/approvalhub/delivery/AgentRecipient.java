package io.approvalhub.delivery;

import io.approvalhub.agent.Agents.OpenAgent;
import io.approvalhub.approval.Desk;
import io.approvalhub.approval.Target;
import io.approvalhub.connection.Contact;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Pace;
import java.io.IOException;
import java.util.Optional;

/// An agent: told once its approval no longer waits; what it answers becomes part of the approval.
record AgentRecipient(OpenAgent open, Desk desk) implements Recipient {

  @Override
  public String target() {
    return Target.agent(open.name());
  }

  @Override
  public Contact contact() {
    return open.contact();
  }

  @Override
  public Pace pace() {
    return Pace.UNLIMITED;
  }

  @Override
  public int atOnce() {
    return 4;
  }

  @Override
  public Optional<MessageRef> bringUp(Delivery delivery) throws IOException {
    if (!delivery.approval().pending()) {
      var answer = open.agent().tell(delivery.approval(), delivery.attempts() > 0);
      contact().good();
      desk.told(delivery.approval().id(), answer.delivered(), answer.detail());
    }
    return Optional.empty();
  }
}
