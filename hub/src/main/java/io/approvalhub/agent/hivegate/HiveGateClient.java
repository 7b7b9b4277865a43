package io.approvalhub.agent.hivegate;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.agent.Answers;
import io.approvalhub.agent.Requests;
import io.approvalhub.agent.relay.UnrepeatableCall;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.kit.JsonHttp.Reply;
import io.approvalhub.kit.JsonRows.Row;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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

  /// Everything that waits, row by row.
  List<Row> list() throws IOException {
    var answer =
        JsonHttp.list(client, Requests.get(uri(PATH), settings.headers()), Optional.empty());
    if (!answer.reply().ok()) {
      throw failure(answer.reply());
    }
    return answer.rows();
  }

  /// Whether this approval still waits there. The list says so whatever the id; a path cannot hold
  /// every id.
  boolean waits(String jobId) throws IOException {
    return list().stream().anyMatch(row -> HiveGateRows.isOf(row, jobId));
  }

  /// Posts a decision.
  Reply decide(String jobId, JsonNode decision) throws IOException {
    var path = PATH + "/" + Requests.encoded(jobId) + "/decide";
    return JsonHttp.post(client, uri(path), settings.headers(), decision);
  }

  /// Posts what must not be posted twice.
  UnrepeatableCall.Result once(String path, JsonNode body, Duration patience) {
    return UnrepeatableCall.post(
        uri(path), settings.headers(), Json.text(body).getBytes(UTF_8), patience);
  }

  /// The failure that an answer stands for.
  IOException failure(Reply reply) {
    return failure(reply.status(), reply.headers());
  }

  /// The same for an answer whose body is not looked at.
  IOException failure(int status, HttpHeaders headers) {
    return Answers.failure(status, headers, "HiveGate", "agents." + agent + ".api-key");
  }

  private URI uri(String path) {
    return URI.create(settings.url() + path);
  }
}
