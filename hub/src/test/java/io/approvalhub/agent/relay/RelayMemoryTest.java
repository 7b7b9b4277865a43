package io.approvalhub.agent.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.approvalhub.agent.relay.RelayClient.Reading;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The relay with eight megabytes for all that it must see whole.
final class RelayMemoryTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final String MISTRAL = "type: mistralrs";
  private static final String HIVEGATE = "type: hivegate, api-key: k";
  private static final String RUN = "/v2/agents/a/chat";
  private static final int MEGABYTE = 1 << 20;

  @TempDir Path folder;

  private final StreamingServer agent = new StreamingServer(this::handle);
  private volatile String event = "";
  private @Nullable RelayClient started;

  @AfterEach
  void close() {
    client().close();
    agent.close();
  }

  @Test
  void bodiesWaitForRoomUntilOthersHaveGone() throws Exception {
    start(MISTRAL);
    event = "data: ok\n\n";
    var answers = new ArrayList<Future<Reading>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var number = 0; number < 10; number++) {
        answers.add(threads.submit(() -> client().post(CHAT, body(5 * MEGABYTE))));
      }
    }
    for (var answer : answers) {
      assertThat(answer.get().all()).isEqualTo(event);
    }
  }

  @Test
  void aBodyForWhichThereIsNoRoomIsRefusedInWords() {
    start(MISTRAL);
    event = "data: ok\n\n";
    var refused = client().post(CHAT, body(12 * MEGABYTE));
    assertThat(refused.response().statusCode()).isEqualTo(413);
    assertThat(refused.all()).contains("hub.relay-megabytes", "request_too_large");
    var bytes = body(12 * MEGABYTE).getBytes(UTF_8);
    var chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));
    var request = client().request(CHAT).POST(chunked);
    assertThat(client().read(request.build()).response().statusCode()).isEqualTo(413);
    assertThat(client().post(CHAT, body(MEGABYTE)).all()).isEqualTo(event);
  }

  @Test
  void largeEventsThatNobodyReadsPassAsTheyCome() throws Exception {
    start(MISTRAL);
    event = "data: " + "x".repeat(30 * MEGABYTE) + "\n\n";
    for (var answer : atOnce(4, CHAT)) {
      assertThat(answer.all()).hasSize(event.length());
    }
  }

  @Test
  void anEventThatMustBeReadAndIsTooLargeFailsItsClient() throws Exception {
    start(HIVEGATE);
    event = "event: message\ndata: " + "x".repeat(30 * MEGABYTE) + "\n\n";
    atOnce(4, RUN).forEach(Reading::awaitBroken);
    assertThat(health()).contains("more at once than can be looked at");
    event = "event: message\ndata: {}\n\n";
    assertThat(client().post(RUN, "{}").all()).isEqualTo(event);
  }

  @Test
  void aPauseThatCannotBeReadFailsItsClient() {
    start(HIVEGATE);
    event = "event: message\ndata: {\"event\":\"RunPaused\",\"event\":\"x\",\"run_id\":\"r\"}\n\n";
    client().post(RUN, "{}").awaitBroken();
    assertThat(health()).contains("a pause that cannot be read");
  }

  @Test
  void whatNobodyCanSeeNobodyMayApprove() {
    start("type: mixpeek, api-key: k, approval-events: pass");
    event =
        "event: tool_call\ndata: {\"tool_name\":NaN}\n\n"
            + "event: confirmation_required\ndata: {\"confirmation_id\":\"conf_1\"}\n\n";
    var path = "/v1/agents/sessions/s/messages";
    assertThat(client().post(path, "{\"content\": \"x\"}").all()).isEqualTo(event);
    assertThat(client().pending()).isEmpty();
    assertThat(health()).contains("of a tool call that cannot be read");
  }

  @Test
  void whatTheStoreRefusesFailsItsClient() {
    start(MISTRAL);
    event =
        "event: agentic_tool_approval_required\ndata: {\"approval_id\":\"a\",\"arguments\":"
            + "[".repeat(990)
            + "]".repeat(990)
            + "}\n\ndata: next\n\n";
    var reading = client().post(CHAT, "{\"stream\": true}");
    assertThat(reading.response()).extracting(HttpResponse::statusCode).isEqualTo(200);
    assertThat(client().post(CHAT, "{}").response().statusCode()).isEqualTo(200);
  }

  private List<Reading> atOnce(int count, String path)
      throws ExecutionException, InterruptedException {
    var answers = new ArrayList<Reading>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Future<Reading>>();
      for (var number = 0; number < count; number++) {
        calls.add(threads.submit(() -> client().post(path, "{\"stream\": true}")));
      }
      for (var call : calls) {
        answers.add(call.get());
      }
    }
    return answers;
  }

  private static String body(int bytes) {
    return "{\"stream\": true, \"messages\": \"" + "x".repeat(bytes) + "\"}";
  }

  private String health() {
    return client().hub().get("eve", "/health").response().body();
  }

  private void start(String agentSettings) {
    started =
        RelayClient.start(
            folder,
            "%s, url: '%s'".formatted(agentSettings, agent.address()),
            "",
            Map.of("hub.relay-megabytes", 8));
  }

  private RelayClient client() {
    return Objects.requireNonNull(started);
  }

  private void handle(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write(event.getBytes(ISO_8859_1));
  }
}
