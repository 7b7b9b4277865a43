package io.approvalhub.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.JsonHttp;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/// A whole hub, with an agent and a channel and nothing else of the demo in it.
final class DemoHub implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final String key = Secrets.random();
  private final HttpClient client = JsonHttp.client();
  private final ApplicationContext context;

  /// @param folder for its configuration and its data
  /// @param starter starts a hub with a configuration file
  DemoHub(Path folder, Function<Path, ApplicationContext> starter, ExampleAgent agent, Inbox inbox)
      throws IOException {
    var configuration = configuration(folder.resolve("data"), agent, inbox);
    context = starter.apply(Files.writeString(folder.resolve("hub.yml"), configuration));
  }

  /// The approved and the denied in its list, oldest first.
  List<JsonNode> decided() throws IOException {
    var rows = new ArrayList<JsonNode>();
    get("/v2/approvals?status=approved").forEach(rows::add);
    get("/v2/approvals?status=denied").forEach(rows::add);
    rows.sort(Comparator.comparing(row -> row.path("job_id").asText()));
    return rows;
  }

  /// Its counts per tool.
  JsonNode statistics() throws IOException {
    return get("/v2/approvals/stats");
  }

  @Override
  public void close() {
    client.shutdownNow();
    context.close();
  }

  private JsonNode get(String path) throws IOException {
    var request =
        HttpRequest.newBuilder(address().resolve(path))
            .timeout(TIMEOUT)
            .header("X-API-Key", key)
            .build();
    var reply = JsonHttp.send(client, request);
    if (!reply.ok()) {
      throw new IOException("The hub answered %d to GET %s".formatted(reply.status(), path));
    }
    return reply.body();
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + context.getBean(EmbeddedServer.class).getPort());
  }

  private String configuration(Path data, ExampleAgent agent, Inbox inbox) {
    return """
    hub:
      data: %s
      keys:
        demo: {key: "%s", role: observer}
    people:
      you: {webhook: %s}
    agents:
      example: {type: hivegate, url: "%s", api-key: "%s", poll-interval: 100ms}
    channels:
      terminal:
        plugin: webhook
        approvers: [you]
        settings: {url: "%s", secret: "%s", allow-private: true}
    micronaut:
      server: {host: 127.0.0.1, port: -1}
    """
        .formatted(
            quoted(data),
            key,
            Inbox.YOU.id(),
            agent.url(),
            agent.key(),
            inbox.url(),
            inbox.secret());
  }

  private static String quoted(Path path) {
    return Json.text(Json.array().add(path.toString()).get(0));
  }
}
