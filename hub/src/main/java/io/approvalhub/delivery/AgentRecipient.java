package io.approvalhub.delivery;

import io.approvalhub.agent.Agent.Answer;
import io.approvalhub.agent.Agents.OpenAgent;
import io.approvalhub.approval.Target;
import io.approvalhub.connection.Contact;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Pace;
import java.io.IOException;

/// An agent: told once its approval no longer waits; what it answers becomes part of the approval.
record AgentRecipient(OpenAgent open) implements Recipient {

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
  public Result bringUp(Delivery delivery) throws IOException {
    if (delivery.approval().pending()) {
      return Result.nothing();
    }
    var answer = open.agent().tell(delivery.approval(), delivery.attempts() > 0);
    contact().good();
    return answer.equals(Answer.NONE) ? Result.nothing() : Result.told(answer);
  }

  @Override
  public Result refused(Delivery delivery, String why) {
    return Result.told(new Answer(DeliveryStatus.GONE, why));
  }
}
