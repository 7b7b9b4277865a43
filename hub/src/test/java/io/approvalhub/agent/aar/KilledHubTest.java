package io.approvalhub.agent.aar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.TestHub;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.JsonHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The hub as a process of its own, ended in the middle by `SIGKILL`.
final class KilledHubTest {

  private static final String CALL =
      "[[{\"tool_name\": \"bash\", \"tool_call_id\": \"c1\", \"arguments\": {\"command\":"
          + " \"ls\"}}]]";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private final HttpClient client = JsonHttp.client();
  private URI address;
  private Process hub;

  @BeforeEach
  void start() throws IOException {
    address = URI.create("http://127.0.0.1:" + freePort());
    hub = serve();
    waiting(0);
  }

  @AfterEach
  void stop() {
    hub.destroyForcibly();
    client.close();
  }

  @Test
  void r2AHubKilledWhileAarWaitsDenies() {
    try (var aar = FakeAar.start(address, "ci", "{\"patience\": 1}")) {
      aar.chat(1, CALL);
      pending();

      hub.destroyForcibly();

      assertThat(aar.output(1)).isEqualTo("Error [denied]: tool call denied by user");
    }
  }

  @Test
  void aHubThatComesBackIsAskedForTheSameApproval() throws IOException, InterruptedException {
    try (var aar = FakeAar.start(address, "ci", "{\"patience\": 60}")) {
      aar.chat(1, CALL);
      var approval = pending();

      hub.destroyForcibly().waitFor();
      hub = serve();
      var again = pending();
      call("alice", "/v2/approvals/" + again + "/approve", true);

      assertThat(again).isEqualTo(approval);
      assertThat(aar.output(1)).isEqualTo("ran {\"command\": \"ls\"}");
    }
  }

  private Process serve() throws IOException {
    var file =
        TestHub.file(
            folder,
            "hub:\n"
                + "  data: "
                + folder.resolve("data")
                + "\n"
                + TestHub.KEYS
                + """
                people:
                  alice: {webhook: alice}
                  bob: {webhook: bob}
                agents:
                  local: {type: push}
                  second: {type: push}
                """);
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            "io.approvalhub.Application",
            "serve",
            "--config",
            file.toString(),
            "--port",
            String.valueOf(address.getPort()))
        .inheritIO()
        .start();
  }

  /// Waits for the hub and for the one approval in it.
  private String pending() {
    return waiting(1).path(0).path("job_id").asText();
  }

  private JsonNode waiting(int size) {
    return await()
        .atMost(PATIENCE)
        .ignoreException(UncheckedIOException.class)
        .until(
            () -> call("alice", "/v2/approvals", false),
            list -> list.isArray() && list.size() == size);
  }

  private JsonNode call(String key, String path, boolean post) {
    try {
      var headers = Map.of("X-API-Key", key);
      var uri = address.resolve(path);
      var get = HttpRequest.newBuilder(uri).headers("X-API-Key", key).build();
      return (post
              ? JsonHttp.post(client, uri, headers, Json.object())
              : JsonHttp.send(client, get))
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
