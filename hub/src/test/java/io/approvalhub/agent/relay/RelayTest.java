package io.approvalhub.agent.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the relay does whatever the agent.
final class RelayTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final int FLOOD = 48_000_000;

  @TempDir Path folder;

  private final StreamingServer agent = new StreamingServer(this::handle);
  private final AtomicLong flooded = new AtomicLong();
  private final Semaphore quiet = new Semaphore(0);
  private RelayClient client;

  @BeforeEach
  void start() {
    client = RelayClient.start(folder, "type: mistralrs, url: '%s'".formatted(agent.address()));
  }

  @AfterEach
  void close() {
    client.close();
    agent.close();
  }

  @Test
  void aSlowReaderHoldsTheAgentBackAndNothingPilesUp() throws IOException {
    var request = client.request(CHAT).POST(BodyPublishers.ofString("{\"stream\": true}"));
    try (var body = client.send(request.build()).body()) {
      await().until(() -> flooded.get() > 0);
      await()
          .during(Duration.ofSeconds(1))
          .atMost(Duration.ofSeconds(5))
          .until(() -> flooded.get() < FLOOD / 3);
      assertThat(body.readAllBytes()).hasSize(FLOOD);
    }
  }

  @Test
  void headersForOneHopGoNoFurther() {
    var request =
        client
            .request("/v1/models?a=%20b&a=c")
            .header("TE", "trailers")
            .header("Keep-Alive", "5")
            .header("Accept-Encoding", "gzip")
            .header("X-Request-Id", "42");
    var answer = client.read(request.build());
    answer.all();
    var seen = agent.seen().getFirst();
    assertThat(seen.target()).isEqualTo("/v1/models?a=%20b&a=c");
    assertThat(seen.headers())
        .containsEntry("X-request-id", List.of("42"))
        .containsEntry("Accept-encoding", List.of("identity"))
        .doesNotContainKeys("Te", "Keep-alive", "X-api-key");
    assertThat(answer.response().statusCode()).isEqualTo(299);
    assertThat(answer.response().headers().allValues("X-Two")).containsExactly("1", "2");
    assertThat(answer.response().headers().firstValue("X-Hop")).isEmpty();
  }

  @Test
  void aCompressedStreamIsRefusedSinceNobodyCouldReadIt() {
    var answer = client.post(CHAT, "{\"model\": \"gzip\", \"stream\": true}");
    assertThat(answer.response().statusCode()).isEqualTo(502);
  }

  @Test
  void aStreamThatBreaksOffIsNotTakenForWhole() {
    client.post(CHAT, "{\"model\": \"break\", \"stream\": true}").awaitBroken();
  }

  @Test
  void aStreamBeginsBeforeItsFirstEvent() {
    for (var path : List.of(CHAT, "/v1/responses")) {
      var answer = client.post(path, "{\"model\": \"quiet\", \"stream\": true}");
      assertThat(answer.response().statusCode()).isEqualTo(200);
      quiet.release();
      assertThat(answer.all()).isEqualTo("data: x\n\n");
    }
  }

  @Test
  void anAgentThatIsDownIsSaidSo() {
    agent.close();
    assertThat(client.post(CHAT, "{}").response().statusCode()).isEqualTo(502);
  }

  @Test
  void aBodyThatCannotBeReadIsNotPassedOn() {
    assertThat(client.post(CHAT, "{").response().statusCode()).isEqualTo(400);
    assertThat(client.post(CHAT, "[]").response().statusCode()).isEqualTo(400);
    assertThat(client.post(CHAT, "{\"a\":1,\"a\":2}").response().statusCode()).isEqualTo(400);
    assertThat(agent.seen()).isEmpty();
  }

  private void handle(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    if (body.contains("gzip")) {
      exchange.getResponseHeaders().set("Content-Encoding", "gzip");
      new SentEvents(exchange, 1, "\n").data("x");
    } else if (body.contains("break")) {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 1000);
      exchange.getResponseBody().write("data: x\n\n".getBytes(UTF_8));
      exchange.getResponseBody().flush();
    } else if (body.contains("quiet")) {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().flush();
      quiet.acquireUninterruptibly();
      exchange.getResponseBody().write("data: x\n\n".getBytes(UTF_8));
    } else if (exchange.getRequestURI().getPath().equals("/v1/models")) {
      exchange.getResponseHeaders().put("X-Two", List.of("1", "2"));
      exchange.getResponseHeaders().set("X-Hop", "1");
      exchange.getResponseHeaders().set("Connection", "X-Hop");
      exchange.sendResponseHeaders(299, -1);
    } else {
      flood(exchange);
    }
  }

  private void flood(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    var frame = ("data: " + "x".repeat(992) + "\n\n").getBytes(UTF_8);
    for (var sent = 0; sent < FLOOD; sent += frame.length) {
      exchange.getResponseBody().write(frame);
      flooded.addAndGet(frame.length);
    }
  }
}
