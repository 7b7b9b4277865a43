package io.approvalhub.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.math.BigDecimal;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// JSON over the JDK's HTTP client.
///
/// A call that was answered is a [Reply], whatever its status. One that was not is an
/// [IOException] which names the host and never a path, a header or a body, since these hold
/// tokens.
///
/// Its clients speak HTTP/1.1. By itself the JDK's would ask every server on plain http to change
/// to HTTP/2, and common servers then lose the body of a POST or refuse it.
public final class JsonHttp {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration CALL = Duration.ofSeconds(15);
  private static final long LARGEST = 16 << 20;

  private JsonHttp() {}

  /// A client that follows no redirects and gives up connecting after five seconds.
  public static HttpClient client() {
    return builder().build();
  }

  /// The same through a proxy.
  public static HttpClient client(ProxySelector proxy) {
    return builder().proxy(proxy).build();
  }

  /// Posts JSON and waits for the answer, fifteen seconds at most.
  public static Reply post(HttpClient client, URI uri, Map<String, String> headers, JsonNode body)
      throws IOException {
    return send(client, post(uri, headers, Json.text(body).getBytes(StandardCharsets.UTF_8)));
  }

  /// A request that posts the bytes of a JSON text as they are, for bodies that are signed, and
  /// waits for the answer for fifteen seconds.
  public static HttpRequest post(URI uri, Map<String, String> headers, byte[] json)
      throws IOException {
    return post(uri, headers, json, CALL);
  }

  /// The same with another time-out.
  public static HttpRequest post(
      URI uri, Map<String, String> headers, byte[] json, Duration timeout) throws IOException {
    try {
      var request = HttpRequest.newBuilder(uri).timeout(timeout);
      request.header("Content-Type", "application/json");
      headers.forEach(request::setHeader);
      return request.POST(HttpRequest.BodyPublishers.ofByteArray(json)).build();
    } catch (IllegalArgumentException _) {
      throw new IOException("Call to " + host(uri) + " has a header or address that is not valid");
    }
  }

  /// Sends a request and waits for the answer as long as its timeout says, fifteen seconds when it
  /// has none. The time covers the body of the answer too.
  public static Reply send(HttpClient client, HttpRequest request) throws IOException {
    var call =
        client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST));
    return reply(answer(call, request));
  }

  /// The same for an answer that is a list, whose rows are read one by one; see [JsonRows].
  ///
  /// @param field where the list stands, when the answer is an object
  public static ListReply list(HttpClient client, HttpRequest request, Optional<String> field)
      throws IOException {
    var call = client.sendAsync(request, answer -> body(answer, field));
    var response = answer(call, request);
    var body = response.body();
    return new ListReply(
        new Reply(response.statusCode(), response.headers(), json(body.bytes())), body.rows());
  }

  /// How long the platform asks to wait: `Retry-After` as seconds or as a date.
  public static Optional<Duration> retryAfter(HttpHeaders headers) {
    return headers
        .firstValue("Retry-After")
        .map(String::strip)
        .flatMap(value -> seconds(value).or(() -> until(value, headers)));
  }

  private static HttpClient.Builder builder() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(CONNECT)
        .followRedirects(HttpClient.Redirect.NEVER);
  }

  private static BodySubscriber<Body> body(
      HttpResponse.ResponseInfo answer, Optional<String> field) {
    if (answer.statusCode() / 100 != 2) {
      var bytes = BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST).apply(answer);
      return BodySubscribers.mapping(bytes, body -> new Body(body, Optional.empty()));
    }
    var rows = new JsonRows(field);
    return BodySubscribers.mapping(
        BodySubscribers.ofByteArrayConsumer(piece -> piece.ifPresent(rows::add)),
        _ -> new Body(new byte[0], Optional.of(rows)));
  }

  private static <T> HttpResponse<T> answer(
      CompletableFuture<HttpResponse<T>> call, HttpRequest request) throws IOException {
    var host = host(request.uri());
    try {
      return call.get(request.timeout().orElse(CALL).toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      throw new IOException("Call to " + host + " was not answered in time");
    } catch (ExecutionException e) {
      // The cause is named but not kept: its message may quote what was sent or received.
      throw new IOException("Call to " + host + " failed: " + kind(e));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Call to " + host + " was interrupted");
    } finally {
      call.cancel(true);
    }
  }

  private static String kind(ExecutionException e) {
    var cause = e.getCause();
    return (cause == null ? e : cause).getClass().getSimpleName();
  }

  private static Reply reply(HttpResponse<byte[]> response) {
    return new Reply(response.statusCode(), response.headers(), json(response.body()));
  }

  private static JsonNode json(byte[] body) {
    try {
      return body.length == 0 ? MissingNode.getInstance() : Json.parse(body);
    } catch (IOException _) {
      return MissingNode.getInstance();
    }
  }

  private static Optional<Duration> seconds(String value) {
    return value.matches("\\d{1,9}(\\.\\d{1,9})?")
        ? Optional.of(
            Duration.ofMillis(new BigDecimal(value).movePointRight(3).toBigInteger().longValue()))
        : Optional.empty();
  }

  private static Optional<Duration> until(String value, HttpHeaders headers) {
    var now = headers.firstValue("Date").flatMap(JsonHttp::date).orElseGet(Instant::now);
    return date(value)
        .map(then -> Duration.between(now, then))
        .map(delay -> delay.isNegative() ? Duration.ZERO : delay);
  }

  private static Optional<Instant> date(String value) {
    try {
      return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value)));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static String host(URI uri) {
    return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }

  /// What a platform answered.
  ///
  /// @param body as JSON; a missing node when it was empty or no JSON
  public record Reply(int status, HttpHeaders headers, JsonNode body) {

    /// Whether the platform took the call.
    public boolean ok() {
      return status / 100 == 2;
    }

    /// How long the platform asks to wait.
    public Optional<Duration> retryAfter() {
      return JsonHttp.retryAfter(headers);
    }
  }

  /// What a server answered that was asked for a list.
  ///
  /// @param reply without a body when the call was taken
  public record ListReply(Reply reply, Optional<JsonRows> list) {

    /// The rows, good and bad.
    ///
    /// @throws IOException when the call was not taken, or what came is no list
    public List<JsonRows.Row> rows() throws IOException {
      if (list.isEmpty()) {
        throw new IOException("Call for a list was answered " + reply.status());
      }
      return list.get().rows();
    }
  }

  private record Body(byte[] bytes, Optional<JsonRows> rows) {}
}
