package io.approvalhub.kit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JsonHttpTest {

  private final List<String> seen = new ArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void jsonGoesOutAndComesBack() throws IOException {
    answering("/ok", 200, Map.of(), "{\"ok\":true}");
    var reply = post("/ok");
    assertThat(reply.ok()).isTrue();
    assertThat(reply.body().path("ok").booleanValue()).isTrue();
    assertThat(seen).containsExactly("POST /ok secret {\"a\":1}");
  }

  @Test
  void anAnswerThatIsNoJsonIsMissing() throws IOException {
    answering("/html", 500, Map.of(), "<html>");
    assertThat(post("/html").body().isMissingNode()).isTrue();
  }

  @Test
  void redirectsAreNotFollowed() throws IOException {
    answering("/away", 307, Map.of("Location", "/ok"), "");
    assertThat(post("/away").status()).isEqualTo(307);
    assertThat(seen).hasSize(1);
  }

  @Test
  void theDelayIsReadInEitherForm() {
    assertThat(JsonHttp.retryAfter(headers("2"))).contains(Duration.ofSeconds(2));
    assertThat(JsonHttp.retryAfter(headers("0.35"))).contains(Duration.ofMillis(350));
    assertThat(JsonHttp.retryAfter(headers("Sat, 21 Nov 2026 12:00:30 GMT")))
        .contains(Duration.ofSeconds(30));
    assertThat(JsonHttp.retryAfter(headers("soon"))).isEmpty();
  }

  @Test
  void anErrorNamesTheHostAndNoSecret() throws IOException {
    try (var closed = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      server.stop(0);
      var uri = URI.create("http://127.0.0.1:" + port() + "/bot123:secret/send");
      assertThat(closed.isBound()).isTrue();
      assertThatThrownBy(() -> JsonHttp.post(JsonHttp.client(), uri, Map.of(), Json.object()))
          .isInstanceOf(IOException.class)
          .hasMessage("Call to 127.0.0.1:" + port() + " failed: ConnectException")
          .hasNoCause();
    }
  }

  @Test
  void aHeaderThatCannotBeSentIsNotQuoted() {
    var headers = Map.of("X-Key", "sec\nret");
    assertThatThrownBy(() -> JsonHttp.post(JsonHttp.client(), uri("/ok"), headers, Json.object()))
        .isInstanceOf(IOException.class)
        .message()
        .doesNotContain("sec");
  }

  @Test
  void anAnswerThatNeverEndsIsGivenUp() {
    server.createContext(
        "/slow",
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
        });
    var request = HttpRequest.newBuilder(uri("/slow")).timeout(Duration.ofMillis(300)).build();
    assertThatThrownBy(() -> JsonHttp.send(JsonHttp.client(), request))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("was not answered in time");
  }

  @Test
  void theRowsOfAListAreReadOneByOne() throws IOException {
    answering("/list", 200, Map.of(), "{\"rows\":[{\"id\":1},{\"id\":NaN}]}");
    var reply = list("/list");
    assertThat(reply.reply().ok()).isTrue();
    assertThat(reply.rows().get(0)).isInstanceOf(JsonRows.Row.Value.class);
    assertThat(reply.rows().get(1)).isInstanceOf(JsonRows.Row.Fault.class);
  }

  @Test
  void aCallForAListThatIsRefusedHasAReplyAndNoRows() throws IOException {
    answering("/list", 503, Map.of("Retry-After", "3"), "{\"detail\":\"busy\"}");
    var reply = list("/list");
    assertThat(reply.reply().retryAfter()).contains(Duration.ofSeconds(3));
    assertThat(reply.reply().body().path("detail").asText()).isEqualTo("busy");
    assertThatThrownBy(reply::rows).isInstanceOf(IOException.class);
  }

  private JsonHttp.ListReply list(String path) throws IOException {
    var request = HttpRequest.newBuilder(uri(path)).build();
    return JsonHttp.list(JsonHttp.client(), request, Optional.of("rows"));
  }

  @Test
  void noServerIsAskedToChangeToAnotherProtocol() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var sent = new CompletableFuture<List<String>>();
      Thread.startVirtualThread(() -> sent.complete(head(socket)));
      var uri = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/decide");
      JsonHttp.post(JsonHttp.client(), uri, Map.of(), Json.object());
      assertThat(sent.get(10, TimeUnit.SECONDS))
          .contains("POST /decide HTTP/1.1")
          .noneMatch(line -> line.matches("(?i)(upgrade|http2-settings|connection):.*"));
    }
  }

  /// Answers one call, and gives the first line and the headers that came.
  private static List<String> head(ServerSocket server) {
    try (var socket = server.accept();
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
      var lines = new ArrayList<String>();
      for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        lines.add(line);
      }
      socket.getOutputStream().write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(UTF_8));
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonHttp.Reply post(String path) throws IOException {
    var body = Json.object().put("a", 1);
    return JsonHttp.post(JsonHttp.client(), uri(path), Map.of("X-Key", "secret"), body);
  }

  private void answering(String path, int status, Map<String, String> headers, String body) {
    server.createContext(
        path,
        exchange -> {
          var key = exchange.getRequestHeaders().getFirst("X-Key");
          var sent = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          seen.add(exchange.getRequestMethod() + " " + path + " " + key + " " + sent);
          headers.forEach(exchange.getResponseHeaders()::add);
          exchange.sendResponseHeaders(status, body.isEmpty() ? -1 : body.length());
          exchange.getResponseBody().write(body.getBytes(UTF_8));
          exchange.close();
        });
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  private int port() {
    return server.getAddress().getPort();
  }

  private static HttpHeaders headers(String retryAfter) {
    return HttpHeaders.of(
        Map.of(
            "Retry-After", List.of(retryAfter), "Date", List.of("Sat, 21 Nov 2026 12:00:00 GMT")),
        (_, _) -> true);
  }
}
