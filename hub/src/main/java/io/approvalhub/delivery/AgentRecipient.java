package io.approvalhub.delivery;

import io.approvalhub.agent.Agent.Answer;
import io.approvalhub.agent.Agents.OpenAgent;
import io.approvalhub.agent.NotToldException;
import io.approvalhub.approval.Delivery;
import io.approvalhub.approval.Desk;
import io.approvalhub.approval.Target;
import io.approvalhub.connection.Backoff;
import io.approvalhub.connection.Contact;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Pace;
import io.approvalhub.plugin.RefusedException;
import io.approvalhub.plugin.TryAgainException;
import java.io.IOException;
import java.util.Optional;

/// An agent: told once its approval no longer waits; what it answers becomes part of the approval.
/// A refusal is no farewell: it is told again, until it takes it or says that it no longer waits.
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
  public Result bringUp(Delivery delivery) throws IOException {
    if (delivery.approval().pending()) {
      return Result.nothing();
    }
    var answer = tell(delivery);
    contact().good();
    return answer.equals(Answer.NONE) ? Result.nothing() : Result.told(answer);
  }

  private Answer tell(Delivery delivery) throws IOException {
    try {
      return open.agent().tell(delivery.approval().sayable(), delivery.attempts() > 0);
    } catch (RefusedException e) {
      contact().trouble(Backoff.reason(e), "tells it again at growing pauses");
      desk.troubled(delivery.approval().id(), Backoff.reason(e));
      throw new NotToldException(Backoff.reason(e));
    } catch (IOException e) {
      throw delivery.approval().call().callback().isPresent() ? elsewhere(e) : e;
    }
  }

  /// An address of its own says nothing about the agent's other approvals.
  private static IOException elsewhere(IOException e) {
    return switch (e) {
      case NotToldException own -> own;
      case TryAgainException later ->
          new NotToldException(Backoff.reason(later), Optional.of(later.delay()));
      default -> new NotToldException(Backoff.reason(e));
    };
  }

  /// A failure that is over with the next call is nobody's business.
  @Override
  public void troubled(Delivery delivery, String why) {
    if (delivery.attempts() > 0 && !delivery.approval().pending()) {
      desk.troubled(delivery.approval().id(), why);
    }
  }

  @Override
  public void gaveUp(Delivery delivery, String why) {
    if (!delivery.approval().pending()) {
      desk.told(delivery.approval().id(), DeliveryStatus.UNKNOWN, "never told: " + why);
    }
  }

  @Override
  public boolean givesUp() {
    return true;
  }
}
