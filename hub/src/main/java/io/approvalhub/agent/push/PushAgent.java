package io.approvalhub.agent.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.approvalhub.agent.Agent;
import io.approvalhub.agent.Callbacks;
import io.approvalhub.agent.Instruction;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.kit.StandardWebhook;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Approval.Status;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Tells an agent that named an address there, by a signed POST that may come more than once with
/// the same `webhook-id`.
final class PushAgent implements Agent, Callbacks {

  /// How a receiver says that nobody waits there any more. 404 is what a proxy says as well.
  private static final int FAREWELL = 410;

  private final List<URI> callbacks;
  private final byte[] key;
  private final InstantSource clock;
  private final HttpClient client = JsonHttp.client();

  PushAgent(List<URI> callbacks, byte[] key, InstantSource clock) {
    this.callbacks = callbacks;
    this.key = key;
    this.clock = clock;
  }

  @Override
  public boolean allows(URI address) {
    return PushType.under(callbacks, address);
  }

  @Override
  public Answer tell(ApprovalRecord approval, boolean repeated) throws IOException {
    var body = Json.text(event(approval)).getBytes(UTF_8);
    var headers = StandardWebhook.headers(key, approval.id(), clock.instant(), body);
    var address = URI.create(approval.call().callback().orElseThrow());
    var reply = JsonHttp.send(client, JsonHttp.post(address, headers, body));
    var detail = "callback answered " + reply.status();
    if (reply.ok()) {
      return new Answer(DeliveryStatus.DELIVERED, detail);
    }
    if (reply.status() == FAREWELL) {
      return new Answer(DeliveryStatus.GONE, detail);
    }
    throw new IOException(detail);
  }

  private JsonNode event(ApprovalRecord approval) {
    return switch (Instruction.of(approval)) {
      case Instruction.Approve(_, var note) ->
          event(approval, Status.APPROVED, note, NullNode.getInstance());
      case Instruction.ApproveEdited(var arguments, var note) ->
          event(approval, Status.APPROVED, note, arguments);
      case Instruction.Deny(var reason) -> {
        var isLost = approval.status() == Status.APPROVED;
        var status = isLost ? Status.DENIED : approval.status();
        yield event(approval, status, reason, NullNode.getInstance());
      }
    };
  }

  private JsonNode event(
      ApprovalRecord approval, Status status, Optional<String> reason, JsonNode edited) {
    var event =
        Json.object().put("type", "approval.ended").put("timestamp", clock.instant().toString());
    var data = event.putObject("data");
    data.put("job_id", approval.id());
    data.put("status", status.name().toLowerCase(Locale.ROOT));
    data.put("approved", status == Status.APPROVED);
    data.put("reason", reason.orElse(""));
    data.put("decided_by", approval.decidedBy().orElse(null));
    data.set("modified_args", edited);
    return event;
  }
}
