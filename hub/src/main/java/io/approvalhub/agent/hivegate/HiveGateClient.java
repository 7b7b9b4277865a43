package io.approvalhub.agent.hivegate;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.agent.Answers;
import io.approvalhub.agent.Requests;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.kit.JsonHttp.Reply;
import io.approvalhub.plugin.RefusedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;

/// The calls of HiveGate's approvals API.
final class HiveGateClient {

  private static final String PATH = "/v2/approvals";

  private final String agent;
  private final HiveGateSettings settings;
  private final HttpClient client = JsonHttp.client();

  HiveGateClient(String agent, HiveGateSettings settings) {
    this.agent = agent;
    this.settings = settings;
  }

  /// Everything that waits, as an array.
  JsonNode list() throws IOException {
    var reply = get("");
    if (!reply.ok() || !reply.body().isArray()) {
      throw failure(reply);
    }
    return reply.body();
  }

  /// Whether this approval still waits there.
  boolean waits(String jobId) throws IOException {
    var reply = get("/" + Requests.encoded(jobId));
    if (!reply.ok() && reply.status() != 404) {
      throw failure(reply);
    }
    return reply.ok();
  }

  /// Posts a decision.
  ///
  /// @return false when nothing waits under this id
  boolean decide(String jobId, JsonNode decision) throws IOException {
    var reply =
        JsonHttp.post(
            client, uri("/" + Requests.encoded(jobId) + "/decide"), settings.headers(), decision);
    if (!reply.ok() && reply.status() != 404) {
      throw reply.status() == 422
          ? new RefusedException("HiveGate refused the form of a decision")
          : failure(reply);
    }
    return reply.ok();
  }

  private Reply get(String path) throws IOException {
    return JsonHttp.send(client, Requests.get(uri(path), settings.headers()));
  }

  private IOException failure(Reply reply) {
    return Answers.failure(reply, "HiveGate", "agents." + agent + ".api-key");
  }

  private URI uri(String path) {
    return URI.create(settings.url() + PATH + path);
  }
}
