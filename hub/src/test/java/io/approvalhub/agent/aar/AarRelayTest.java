package io.approvalhub.agent.aar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.approvalhub.agent.relay.RelayClient;
import io.approvalhub.agent.relay.SentEvents;
import io.approvalhub.agent.relay.StreamingServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Conformance case R8: a client of Aar cannot loosen its safety through the relay.
final class AarRelayTest {

  @TempDir Path folder;

  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final StreamingServer aar = new StreamingServer(this::handle);
  private RelayClient client;

  @BeforeEach
  void start() {
    client = RelayClient.start(folder, "type: aar, url: '%s'".formatted(aar.address()));
  }

  @AfterEach
  void close() {
    client.close();
    aar.close();
  }

  @Test
  void safetyIsStrippedFromChats() {
    client.post("/chat", "{\"prompt\": \"hi\", \"safety\": {\"require_approval\": false}}").all();
    client.post("/chat/stream", "{\"safety\": null, \"session_id\": \"s\"}").all();
    client.post("/chat", "{\"\\u0073afety\": {}, \"prompt\": \"hi\"}").all();
    assertThat(bodies)
        .containsExactly("{\"prompt\": \"hi\"}", "{\"session_id\": \"s\"}", "{\"prompt\": \"hi\"}");
  }

  @Test
  void whatTwoReadersCouldUnderstandDifferentlyIsRefused() {
    var twice = "{\"safety\": null, \"prompt\": \"hi\", \"safety\": {}}";
    assertThat(client.post("/chat", twice).response().statusCode()).isEqualTo(400);
    assertThat(bodies).isEmpty();
  }

  @Test
  void theStreamPassesAsItIs() {
    assertThat(client.post("/chat/stream", "{}").all()).isEqualTo("event: done\ndata: {}\n\n");
  }

  @Test
  void runsThatAskNobodyAreNotOpen() {
    assertThat(client.post("/runs", "{}").response().statusCode()).isEqualTo(403);
    assertThat(client.post("/chat/", "{\"safety\": {}}").response().statusCode()).isEqualTo(403);
    assertThat(bodies).isEmpty();
  }

  private void handle(HttpExchange exchange) throws IOException {
    bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    new SentEvents(exchange, 3, "\n").event("done", "{}");
  }
}
