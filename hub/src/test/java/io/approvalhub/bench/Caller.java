package io.approvalhub.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// Calls hubs, and what stands in for them, all through one client.
final class Caller implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /// Raises an approval as an agent of that key.
  ///
  /// @return its id
  String raise(LaunchedHub hub, String agent, String tool, ToldAgent told) {
    var body = raising(tool).put("callback_url", told.address() + tool);
    var answer = call(hub, agent, "/v2/approvals", Json.text(body).getBytes(UTF_8));
    return answer.path("job_id").asText();
  }

  /// What an agent asks, in the size in which agents ask.
  static com.fasterxml.jackson.databind.node.ObjectNode raising(String tool) {
    var body = Json.object().put("tool_name", tool).put("reason", "release day, build is green");
    body.putObject("tool_args")
        .put("environment", "production")
        .put("image", "registry.example.com/shop/checkout:1.2.3")
        .put("replicas", 4)
        .put("command", "kubectl rollout restart deployment/checkout --namespace shop");
    return body;
  }

  JsonNode get(LaunchedHub hub, String key, String path) {
    var request = HttpRequest.newBuilder(hub.address().resolve(path)).header("X-API-Key", key);
    return sent(request.timeout(PATIENCE).build());
  }

  private JsonNode call(LaunchedHub hub, String key, String path, byte[] body) {
    var request =
        HttpRequest.newBuilder(hub.address().resolve(path))
            .header("X-API-Key", key)
            .timeout(PATIENCE);
    return sent(request.POST(BodyPublishers.ofByteArray(body)).build());
  }

  /// Posts some bytes and waits for the answer.
  void post(URI address, byte[] body) {
    sent(HttpRequest.newBuilder(address).POST(BodyPublishers.ofByteArray(body)).build());
  }

  /// The status with which a call is answered.
  int status(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpClient client() {
    return client;
  }

  private JsonNode sent(HttpRequest request) {
    try {
      var answer = client.send(request, BodyHandlers.ofByteArray());
      if (answer.statusCode() / 100 != 2) {
        throw new IOException(request.uri() + " answered " + answer.statusCode());
      }
      return answer.body().length == 0 ? Json.object() : Json.parse(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
