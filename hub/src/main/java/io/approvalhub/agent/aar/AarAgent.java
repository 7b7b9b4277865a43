package io.approvalhub.agent.aar;

import io.approvalhub.agent.relay.OpenCalls;
import io.approvalhub.agent.relay.Passage;
import io.approvalhub.agent.relay.RelayRequest;
import io.approvalhub.agent.relay.RelayedAgent;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import java.io.IOException;
import java.net.URI;
import java.util.Map;

/// Relays Aar. Its callback raises approvals through the API and asks there for the answer.
record AarAgent(URI url, Map<String, String> headers, OpenCalls open) implements RelayedAgent {

  /// What a client may not say: it could switch the asking off.
  private static final String SAFETY = "safety";

  @Override
  public Passage passage(RelayRequest request) throws IOException {
    if (!request.is("POST", "/chat(/stream)?")) {
      return new Passage.Untouched();
    }
    return new Passage.Rewritten(request.json().without(SAFETY));
  }

  @Override
  public Answer tell(ApprovalRecord approval, boolean repeated) {
    return new Answer(DeliveryStatus.GONE, "Aar asks for answers and is not called");
  }

  @Override
  public String toString() {
    return "AarAgent[" + url + "]";
  }
}
