package io.approvalhub.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.approvalhub.kit.Json;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.testkit.FakePlatform.Call;
import io.approvalhub.testkit.FakePlatform.Trouble;
import io.approvalhub.testkit.FakeServer.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakeServerTest {

  private final FakeServer server = new FakeServer();
  private final HttpClient client = JsonHttp.client();

  @AfterEach
  void close() {
    server.close();
    client.shutdownNow();
  }

  @Test
  void routesMatchWholePathsInAnyCase() throws IOException {
    server.on(
        "POST",
        "/bot([^/]+)/sendMessage",
        "sendMessage",
        request -> Answer.json(200, Json.object().put("token", request.group(1))));
    assertThat(post("/botX1/sendmessage", "{}").body().path("token").asText()).isEqualTo("X1");
    assertThat(post("/botX1/sendmessage/more", "{}").status()).isEqualTo(404);
    assertThat(server.calls())
        .containsExactly(
            new Call("sendMessage", "{}", 200),
            new Call("POST /botX1/sendmessage/more", "{}", 404));
  }

  @Test
  void everyEncodingIsReadAsFields() throws IOException {
    server.on("POST", "/x", "x", _ -> Answer.of(200));
    send("/x", "application/x-www-form-urlencoded", "a=1+2&b=%C3%A4");
    send(
        "/x",
        "multipart/form-data; boundary=sep",
        """
        --sep\r
        Content-Disposition: form-data; name="chat"\r
        \r
        42\r
        --sep\r
        Content-Disposition: form-data; name="document"; filename="a.json"\r
        Content-Type: text/plain\r
        \r
        {"ä": 1}\r
        --sep--\r
        """);
    assertThat(server.calls())
        .extracting(Call::body)
        .containsExactly(
            "{\"a\":\"1 2\",\"b\":\"ä\"}",
            "{\"chat\":\"42\",\"document\":{\"filename\":\"a.json\",\"text\":\"{\\\"ä\\\": 1}\"}}");
  }

  @Test
  void troublesComeInTurnAndPassTheSideRoutesBy() throws IOException {
    server.on("POST", "/x", "x", _ -> Answer.of(200));
    server.aside("POST", "/poll", _ -> Answer.of(204));
    server.trouble(Trouble.TOO_MANY, 1);
    server.trouble(Trouble.REVOKED, 1);
    assertThat(post("/poll", "{}").status()).isEqualTo(204);
    assertThat(post("/x", "{}").retryAfter()).isPresent();
    assertThat(post("/x", "{}").status()).isEqualTo(401);
    assertThat(post("/x", "{}").status()).isEqualTo(200);
    assertThat(server.calls()).extracting(Call::status).containsExactly(429, 401, 200);
  }

  @Test
  void aLostAnswerTookEffect() {
    server.on("POST", "/x", "x", _ -> Answer.of(200));
    server.trouble(Trouble.ANSWER_LOST, 1);
    assertThatThrownBy(() -> post("/x", "{}")).isInstanceOf(IOException.class);
    assertThat(server.calls()).containsExactly(new Call("x", "{}", 0));
  }

  private JsonHttp.Reply post(String path, String json) throws IOException {
    return send(path, "application/json", json);
  }

  private JsonHttp.Reply send(String path, String type, String body) throws IOException {
    return JsonHttp.send(
        client,
        HttpRequest.newBuilder(URI.create(server.address() + path))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }
}
