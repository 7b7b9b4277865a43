package io.approvalhub.agent.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.agent.Agent;
import io.approvalhub.agent.Callbacks;
import io.approvalhub.agent.Wording;
import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.ApprovalRecord.Resolution;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.kit.StandardWebhook;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/// Tells an agent that named an address there, by a signed POST that may come more than once with
/// the same `webhook-id`.
final class PushAgent implements Agent, Callbacks {

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
    return switch (reply.status()) {
      case 404, 410 -> new Answer(DeliveryStatus.GONE, "callback answered " + reply.status());
      default -> {
        if (!reply.ok()) {
          throw new IOException("callback answered " + reply.status());
        }
        yield new Answer(DeliveryStatus.DELIVERED, "callback answered " + reply.status());
      }
    };
  }

  private JsonNode event(ApprovalRecord approval) throws IOException {
    var event =
        Json.object().put("type", "approval.ended").put("timestamp", clock.instant().toString());
    var data = event.putObject("data");
    data.put("job_id", approval.id());
    data.put("status", approval.status().name().toLowerCase(Locale.ROOT));
    data.put("approved", Wording.approved(approval));
    data.put("reason", Wording.reason(approval).orElse(""));
    data.put("decided_by", approval.decidedBy().orElse(null));
    var edited = approval.resolution().flatMap(Resolution::arguments);
    data.set("modified_args", edited.isPresent() ? Json.parse(edited.get()) : null);
    return event;
  }
}
