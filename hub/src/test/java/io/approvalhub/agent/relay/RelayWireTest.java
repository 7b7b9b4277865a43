package io.approvalhub.agent.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.agent.relay.RawAgent.Script;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What goes over the wire on both sides of the relay, byte for byte.
final class RelayWireTest {

  private static final String CHAT = "POST /agents/llm/v1/chat/completions";
  private static final String MODELS = "GET /agents/llm/v1/models";
  private static final String LIST =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
  private static final String EVENT =
      """
      event: agentic_tool_approval_required
      data: {"approval_id":"appr_1","tool":{"label":"Shell command"},"arguments":{}}

      """;
  private static final int LARGE = 300_000;

  @TempDir Path folder;

  private @Nullable RawAgent started;
  private @Nullable RelayClient hub;

  @AfterEach
  void close() {
    client().close();
    agent().close();
  }

  @Test
  void aHeadIsAnsweredAsWithoutTheRelay() throws IOException {
    start(Script.answers("HTTP/1.1 200 OK\r\nContent-Type: text/x\r\nContent-Length: 7\r\n\r\n"));
    try (var wire = wire()) {
      var answer = wire.send("HEAD /agents/llm/v1/models");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("Content-Length")).contains("7");
      assertThat(answer.header("Content-Type")).contains("text/x");
      assertThat(wire.send("HEAD /agents/llm/v1/models").status()).isEqualTo(200);
    }
    assertThat(agent().calls().getFirst().line()).isEqualTo("HEAD /v1/models HTTP/1.1");
  }

  @Test
  void whatIsNotModifiedComesAtOnceWhateverLengthItNames() throws IOException {
    start(Script.answers("HTTP/1.1 304 Not Modified\r\nETag: x\r\nContent-Length: 5\r\n\r\n"));
    try (var wire = wire()) {
      var answer = wire.send(MODELS, "If-None-Match: x");
      assertThat(answer.status()).isEqualTo(304);
      assertThat(answer.header("ETag")).contains("x");
      assertThat(wire.send(MODELS).status()).isEqualTo(304);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\n\r\n"})
  void anAnswerGetsNoContentTypeThatTheAgentDidNotGive(String answer) throws IOException {
    start(Script.answers(answer));
    try (var wire = wire()) {
      assertThat(wire.send(MODELS).header("Content-Type")).isEmpty();
    }
  }

  @Test
  void aBodyWithoutContentTypeGetsNoneEither() throws IOException {
    start(Script.answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    try (var wire = wire()) {
      var answer = wire.send(MODELS);
      assertThat(answer.body()).isEqualTo("ok");
      assertThat(answer.header("Content-Type")).isEmpty();
      assertThat(answer.header("Content-Length")).contains("2");
    }
  }

  @Test
  void anAnswerWithTwoLengthsIsNotBelieved() throws IOException {
    start(
        Script.answers(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 4\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + "%x\r\n%s\r\n0\r\n\r\n".formatted(EVENT.length(), EVENT)));
    try (var wire = wire()) {
      assertThat(wire.send(CHAT, "{}".getBytes(UTF_8)).status()).isEqualTo(502);
    }
  }

  @Test
  void whatTheAgentSaysBeforeItsAnswerIsPassedOver() throws IOException {
    start(
        Script.answers(
            "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + LIST));
    try (var wire = wire()) {
      assertThat(wire.send(MODELS).body()).isEqualTo("{}");
      assertThat(wire.send(CHAT, "{}".getBytes(UTF_8)).body()).isEqualTo("{}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Text/Event-Stream", "TEXT/EVENT-STREAM; charset=utf-8"})
  void theCaseOfAMediaTypeIsNothing(String type) throws IOException {
    start(
        Script.answers(
            "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(type, EVENT.length(), EVENT)));
    try (var wire = wire()) {
      assertThat(wire.send(CHAT, "{}".getBytes(UTF_8)).body()).isEmpty();
    }
    assertThat(client().hub().get("eve", "/v2/approvals?status=cancelled").json()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/agents/llm/v1/agent/approvals/appr_1",
        "/agents/llm/v1/chat/completions",
        "/agents/llm/v1/%2e%2e/x",
        "/agents/second/v1/models",
        "/agents/none/v1/models"
      })
  void aRefusedBodyDoesNotBlockTheConnection(String path) throws IOException {
    start(Script.answers(LIST));
    var body = new byte[LARGE];
    Arrays.fill(body, (byte) '[');
    try (var wire = wire()) {
      assertThat(wire.send("POST " + path, body).status()).isBetween(400, 499);
      assertThat(wire.send(MODELS).body()).isEqualTo("{}");
    }
  }

  @Test
  void anAnswerBeforeTheBodyIsReadDoesNotBlockTheConnection() throws IOException {
    start(
        (call, body, out) -> {
          if (call.line().startsWith("PUT")) {
            out.write(
                "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(ISO_8859_1));
            out.flush();
            throw new IOException("no more of this");
          }
          Script.answers(LIST).answer(call, body, out);
        });
    try (var wire = wire()) {
      var body = new byte[4 << 20];
      assertThat(wire.send("PUT /agents/llm/v1/sessions/s", body).status()).isIn(401, 502);
      assertThat(wire.send(MODELS).body()).isEqualTo("{}");
    }
  }

  @Test
  void aCallWithoutBodySaysNothingOfOne() throws IOException {
    start(Script.answers(LIST));
    try (var wire = wire()) {
      wire.send(MODELS);
      wire.send("HEAD /agents/llm/v1/models");
      wire.send("DELETE /agents/llm/v1/sessions/s");
    }
    assertThat(agent().calls())
        .hasSize(3)
        .allSatisfy(
            call -> {
              assertThat(call.header("Content-Length")).isEmpty();
              assertThat(call.header("Transfer-Encoding")).isEmpty();
            });
  }

  @Test
  void aConnectionThatIsToBeClosedIsClosed() throws IOException {
    start(Script.answers(LIST));
    try (var wire = wire()) {
      var answer = wire.send(MODELS, "Connection: close");
      assertThat(answer.header("Connection")).contains("close");
      assertThat(wire.isClosed()).isTrue();
    }
    try (var wire = wire()) {
      wire.send(CHAT, "{}".getBytes(UTF_8), "Connection: close");
      assertThat(wire.isClosed()).isTrue();
    }
  }

  @Test
  void aQueryIsPassedOnThoughItIsWrittenCarelessly() throws IOException {
    start(Script.answers(LIST));
    try (var wire = wire()) {
      assertThat(wire.send(MODELS + "?a={x|y}&b=%20%7C&c=").status()).isEqualTo(200);
    }
    assertThat(agent().calls().getFirst().line())
        .isIn(
            "GET /v1/models?a={x|y}&b=%20%7C&c= HTTP/1.1",
            "GET /v1/models?a=%7Bx%7Cy%7D&b=%20%7C&c= HTTP/1.1");
  }

  @Test
  void theRootOfTheAgentIsReached() throws IOException {
    start(Script.answers(LIST), "pass: all");
    try (var wire = wire()) {
      assertThat(wire.send("GET /agents/llm/").status()).isEqualTo(200);
      assertThat(wire.send("GET /agents/llm/key=app/").status()).isEqualTo(200);
    }
    assertThat(agent().calls()).allMatch(call -> call.line().equals("GET / HTTP/1.1"));
  }

  @Test
  void aModelWithASlashInItsNameIsFound() throws IOException {
    start(Script.answers(LIST));
    try (var wire = wire()) {
      assertThat(wire.send(MODELS + "/Qwen%2FQwen3-4B").status()).isEqualTo(200);
      assertThat(wire.send(MODELS + "/Qwen/Qwen3-4B").status()).isEqualTo(200);
    }
    assertThat(agent().calls().getFirst().line())
        .isEqualTo("GET /v1/models/Qwen%2FQwen3-4B HTTP/1.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/agents/%6Clm80/v1/agent/approvals/x",
        "/agents/%6Clm/v1/models",
        "/agents/%6clm/key=app/v1/models",
        "/agents/ll%6d80/v1/models"
      })
  void anAgentsNameHasOneSpelling(String path) throws IOException {
    start(Script.answers(LIST));
    try (var wire = wire()) {
      assertThat(wire.send("GET " + path).status()).isIn(400, 403, 404);
    }
    assertThat(agent().calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/models/..%2f..%2fadmin",
        "/v1/models/%2e%2e/agent/approvals/x",
        "/v1/models/a%252f..",
        "/v1/models/a%5c..%5cx",
        "/v1/models/%2Fx",
        "/v1/models/a%00",
        "/v1/models/..",
        "/v1/models/a;b=c/..",
        "/v1/models@evil.example/x",
        "//evil.example/v1/models"
      })
  void aModelsNameLeadsNowhereElse(String path) throws IOException {
    start(Script.answers(LIST));
    try (var wire = wire()) {
      assertThat(wire.send("GET /agents/llm" + path).status()).isIn(400, 403, 404);
    }
    assertThat(agent().calls()).isEmpty();
  }

  @Test
  void whatTheClientToldTheHubStaysHere() throws IOException {
    start(Script.answers(LIST));
    try (var wire = wire()) {
      wire.send(
          MODELS,
          "Cookie: session=1",
          "Referer: http://hub/agents/llm/key=app/",
          "Authorization: Bearer app",
          "Connection: X-Mine",
          "X-Mine: 1",
          "X-Kept: 2");
    }
    var call = agent().calls().getFirst();
    assertThat(call.head())
        .noneMatch(line -> line.contains("app") || line.contains("session=1"))
        .contains("X-Kept: 2");
    assertThat(call.header("X-Mine")).isEmpty();
  }

  @Test
  void aTextOf20MegabytesIsPassedOn() throws IOException {
    start(Script.answers(LIST));
    var body = "{\"stream\":true,\"messages\":\"" + "x".repeat(20_500_000) + "\"}";
    try (var wire = wire()) {
      assertThat(wire.send(CHAT, body.getBytes(UTF_8)).status()).isEqualTo(200);
      assertThat(wire.send(MODELS).body()).isEqualTo("{}");
    }
  }

  private void start(Script script) {
    start(script, "");
  }

  private void start(Script script, String settings) {
    started = new RawAgent(script);
    hub =
        RelayClient.start(
            folder, "type: mistralrs, url: '%s', %s".formatted(agent().address(), settings));
  }

  private RawAgent agent() {
    return Objects.requireNonNull(started);
  }

  private RelayClient client() {
    return Objects.requireNonNull(hub);
  }

  private RawClient wire() {
    return new RawClient(client().hub().address());
  }
}
