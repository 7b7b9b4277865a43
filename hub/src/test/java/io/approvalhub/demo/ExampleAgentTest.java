package io.approvalhub.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.kit.JsonHttp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExampleAgentTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final HttpClient client = JsonHttp.client();
  private final ExampleAgent agent = agent();

  @BeforeEach
  void work() {
    agent.work();
  }

  @AfterEach
  void close() {
    agent.close();
    client.close();
  }

  @Test
  void itStopsBeforeOneToolCallAfterTheOther() throws IOException {
    var row = get(agent.key(), "").body().path(0);
    assertThat(row.path("tool_name").asText()).isEqualTo("run_shell");
    assertThat(row.path("timestamp").asText()).isEqualTo("2026-11-21T12:00:00.000000");
    assertThat(decide(row.path("job_id").asText(), "{\"approved\": true}").status()).isEqualTo(200);
    assertThat(get(agent.key(), "").body().path(0).path("tool_name").asText())
        .isEqualTo("http_request");
  }

  @Test
  void whatWasDecidedIsGone() throws IOException {
    var id = get(agent.key(), "").body().path(0).path("job_id").asText();
    assertThat(get(agent.key(), "/" + id).status()).isEqualTo(200);
    decide(id, "{\"approved\": false}");
    assertThat(get(agent.key(), "/" + id).status()).isEqualTo(404);
    assertThat(decide(id, "{\"approved\": true}").status()).isEqualTo(404);
    assertThat(agent.received()).hasSize(1);
  }

  @Test
  void whatIsNoDecisionIsRefused() throws IOException {
    var id = get(agent.key(), "").body().path(0).path("job_id").asText();
    assertThat(decide(id, "{\"approved\": \"yes\"}").status()).isEqualTo(422);
    assertThat(decide(id, "nonsense").status()).isEqualTo(422);
    assertThat(agent.received()).isEmpty();
  }

  @Test
  void aWrongKeySeesNothing() throws IOException {
    assertThat(get("guess", "").status()).isEqualTo(401);
  }

  private JsonHttp.Reply get(String key, String path) throws IOException {
    return JsonHttp.send(
        client, HttpRequest.newBuilder(uri(path)).header("X-API-Key", key).build());
  }

  private JsonHttp.Reply decide(String id, String message) throws IOException {
    var headers = Map.of("X-API-Key", agent.key());
    return JsonHttp.send(
        client, JsonHttp.post(uri("/" + id + "/decide"), headers, message.getBytes(UTF_8)));
  }

  private URI uri(String path) {
    return URI.create(agent.url() + "/v2/approvals" + path);
  }

  private static ExampleAgent agent() {
    try {
      return new ExampleAgent(() -> NOON);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
