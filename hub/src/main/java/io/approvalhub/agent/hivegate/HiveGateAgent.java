package io.approvalhub.agent.hivegate;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.agent.Agent;
import io.approvalhub.agent.Words;
import io.approvalhub.approval.Approval;
import io.approvalhub.approval.Approval.Resolution;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Approval.Delivered;
import java.io.IOException;

/// Tells HiveGate decisions.
final class HiveGateAgent implements Agent {

  private final HiveGateClient client;

  HiveGateAgent(HiveGateClient client) {
    this.client = client;
  }

  /// A decision that may have arrived is looked for before it is sent again: HiveGate answers 404
  /// to a second one, which would look like nobody had waited.
  @Override
  public Answer tell(Approval approval, boolean repeated) throws IOException {
    var jobId = approval.call().upstreamId().orElseThrow();
    if (repeated && !client.waits(jobId)) {
      return new Answer(Delivered.UNKNOWN, "no longer listed after a call without an answer");
    }
    return client.decide(jobId, decision(approval))
        ? new Answer(Delivered.DELIVERED, "decide answered 200")
        : new Answer(Delivered.GONE, "decide answered 404");
  }

  private static JsonNode decision(Approval approval) throws IOException {
    var decision = Json.object().put("approved", Words.approved(approval));
    Words.reason(approval).ifPresent(reason -> decision.put("reason", reason));
    var edited = approval.resolution().flatMap(Resolution::arguments);
    if (edited.isPresent()) {
      decision.set("modified_args", Json.parse(edited.get()));
    }
    return decision;
  }
}
