package io.approvalhub.agent.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
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

  /// What a JSON reader bears and no part of the hub keeps.
  private static final String DEEP = "[".repeat(70) + "]".repeat(70);

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
    for (var answer : atOnce(10, () -> client().post(CHAT, body(5 * MEGABYTE)))) {
      assertThat(answer.all()).isEqualTo(event);
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
    for (var answer : atOnce(4, () -> client().post(CHAT, "{\"stream\": true}"))) {
      assertThat(answer.all()).hasSize(event.length());
    }
  }

  @Test
  void anEventThatMustBeReadAndIsTooLargeFailsItsClient() throws Exception {
    start(HIVEGATE);
    event = "event: message\ndata: " + "x".repeat(30 * MEGABYTE) + "\n\n";
    atOnce(4, Executors.callable(() -> awaitBroken(RUN)));
    assertThat(health()).contains("more at once than can be looked at");
    event = "event: message\ndata: {}\n\n";
    assertThat(client().post(RUN, "{}").all()).isEqualTo(event);
  }

  @Test
  void aPauseThatCannotBeReadFailsItsClient() {
    start(HIVEGATE);
    event = "event: message\ndata: {\"event\":\"RunPaused\",\"event\":\"x\",\"run_id\":\"r\"}\n\n";
    awaitBroken(RUN);
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
    assertThat(health()).contains("of a tool call that cannot be shown");
  }

  @Test
  void whatNoPartOfTheHubCouldKeepIsNotAskedForInAStream() {
    start("type: mixpeek, api-key: k, approval-events: pass");
    var path = "/v1/agents/sessions/s/messages";
    event = "event: confirmation_required\ndata: {\"confirmation_id\":\"c\\u0000\"}\n\n";
    assertThat(client().post(path, "{\"content\": \"x\"}").all()).isEqualTo(event);
    assertThat(health()).contains("that cannot be shown", "U+0000");
    event =
        "event: tool_call\ndata: {\"tool_name\":\"t\",\"inputs\":%s}\n\n".formatted(DEEP)
            + "event: confirmation_required\ndata: {\"confirmation_id\":\"c\"}\n\n";
    assertThat(client().post(path, "{\"content\": \"x\"}").all()).isEqualTo(event);
    assertThat(health()).contains("of a tool call that cannot be shown");
    assertThat(client().pending()).isEmpty();
  }

  @Test
  void whatNoPartOfTheHubCouldKeepIsLeftToExpireInAChat() {
    start(MISTRAL + ", approval-events: pass");
    event =
        "event: agentic_tool_approval_required\ndata: {\"approval_id\":\"a\",\"arguments\":%s}\n\n"
            .formatted(DEEP);
    assertThat(client().post(CHAT, "{\"stream\": true}").all()).isEqualTo(event);
    assertThat(client().pending()).isEmpty();
    assertThat(health()).contains("that cannot be shown", "nested more than 60");
  }

  @Test
  void aPauseBeforeACallThatNoPartOfTheHubCouldKeepFailsItsClient() {
    start(HIVEGATE);
    event = pause("{\"x\":\"\\ud800\"}", "{}");
    awaitBroken(RUN);
    assertThat(health()).contains("a call that cannot be shown: the call.tool_args.x", "U+D800");
    event = pause(DEEP, "{}");
    awaitBroken(RUN);
    assertThat(health()).contains("the call.tool_args", "nested more than 60");
    assertThat(client().pending()).isEmpty();
  }

  @Test
  void whatElseAPauseHoldsStopsNobody() throws IOException {
    start(HIVEGATE);
    event = pause("{}", DEEP);
    var reading = client().post(RUN, "{\"stream\": true}");
    assertThat(client().waiting().path("tool_name").asText()).isEqualTo("shell");
    reading.leave();
  }

  /// @param state whatever else such an event says
  private static String pause(String arguments, String state) {
    return """
    event: RunPaused
    data: {"event":"RunPaused","run_id":"r","session_state":%s,"tools":[{"tool_call_id":"c",\
    "tool_name":"shell","tool_args":%s,"requires_confirmation":true}]}

    """
        .formatted(state, arguments);
  }

  private static <T> List<T> atOnce(int count, Callable<T> call) throws Exception {
    var answers = new ArrayList<T>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(Collections.nCopies(count, call))) {
        answers.add(answer.get());
      }
    }
    return answers;
  }

  /// Waits until the answer breaks off, which may be before it has begun.
  private void awaitBroken(String path) {
    try {
      client().post(path, "{\"stream\": true}").awaitBroken();
    } catch (UncheckedIOException _) {
      // before
    }
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
