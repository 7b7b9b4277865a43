package io.approvalhub.agent.agentflow;

import io.approvalhub.agent.AgentHub;
import io.approvalhub.agent.Answers;
import io.approvalhub.agent.relay.OpenCalls;
import io.approvalhub.agent.relay.Passage;
import io.approvalhub.agent.relay.RelayRequest;
import io.approvalhub.agent.relay.RelayedAgent;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.kit.JsonHttp.Reply;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Approval.Status;
import java.io.IOException;
import java.net.URI;
import java.util.Map;

/// Relays AgentFlow, tells it decisions, and withdraws what was cancelled.
final class AgentFlowAgent implements RelayedAgent {

  private final AgentFlowSettings settings;
  private final AgentFlowRequests requests;
  private final AgentFlowClient client;
  private final AgentHub hub;

  AgentFlowAgent(AgentFlowSettings settings, AgentFlowClient client, AgentHub hub) {
    this.settings = settings;
    this.client = client;
    this.hub = hub;
    requests = new AgentFlowRequests(settings);
  }

  @Override
  public URI url() {
    return settings.url();
  }

  @Override
  public Map<String, String> headers() throws IOException {
    return client.headers();
  }

  @Override
  public OpenCalls open() {
    return settings.open();
  }

  @Override
  public Passage passage(RelayRequest request) {
    return requests.decides(request)
        ? Passage.Refused.decision()
        : new Passage.Overheard(new AgentFlowEvents(settings, client, hub));
  }

  /// What AgentFlow says to a second response is not known, so one that may have arrived is looked
  /// for before it is sent again.
  @Override
  public Answer tell(ApprovalRecord approval, boolean repeated) throws IOException {
    var id = approval.call().upstreamId().orElseThrow();
    if (repeated && !client.waits(id)) {
      return new Answer(DeliveryStatus.UNKNOWN, "no longer listed after a call without an answer");
    }
    return answer(
        id, approval.status() == Status.CANCELLED ? cancel(id, approval) : respond(id, approval));
  }

  private Reply cancel(String id, ApprovalRecord approval) throws IOException {
    var reply = client.cancel(id);
    return reply.isPresent() ? reply.get() : respond(id, approval);
  }

  private Reply respond(String id, ApprovalRecord approval) throws IOException {
    var user = hub.decider(approval, AgentFlowType.TYPE);
    return client.respond(id, settings.generation().response(approval), user);
  }

  private Answer answer(String id, Reply reply) throws IOException {
    if (Answers.isTaken(reply)) {
      return new Answer(DeliveryStatus.DELIVERED, "answered " + reply.status());
    }
    if (!isFinal(reply.status())) {
      throw client.failure(reply);
    }
    if (client.waits(id)) {
      throw new IOException(
          "AgentFlow answered %d to the decision and still waits".formatted(reply.status()));
    }
    return new Answer(
        DeliveryStatus.GONE, "answered %d, no longer listed".formatted(reply.status()));
  }

  /// Whether the same call again would be answered the same.
  private static boolean isFinal(int status) {
    return switch (status) {
      case 401, 408, 425, 429 -> false;
      default -> status / 100 == 4;
    };
  }
}
