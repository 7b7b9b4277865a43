package io.approvalhub.breaking;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.kit.JsonHttp.Reply;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/// The hub's API, called with a key whose text is its name.
final class Api implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final HttpClient client = JsonHttp.client();

  Reply get(URI hub, String key, String path) throws IOException {
    var request = HttpRequest.newBuilder(hub.resolve(path)).header("X-API-Key", key);
    return JsonHttp.send(client, request.timeout(PATIENCE).build());
  }

  Reply post(URI hub, String key, String path, JsonNode body) throws IOException {
    return post(hub, key, path, body.toString());
  }

  Reply post(URI hub, String key, String path, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    var headers = Map.of("X-API-Key", key);
    return JsonHttp.send(client, JsonHttp.post(hub.resolve(path), headers, bytes, PATIENCE));
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
