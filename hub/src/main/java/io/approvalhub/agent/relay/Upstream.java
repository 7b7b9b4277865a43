package io.approvalhub.agent.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Passes a client's call on to the agent.
final class Upstream {

  private static final Duration CONNECT = Duration.ofSeconds(5);

  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /// Those that the call gets anew, and the client's key.
  private static final Set<String> NOT_THE_CLIENTS =
      Set.of("host", "content-length", "expect", "accept-encoding", "authorization", "x-api-key");

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /// Calls the agent and waits, however long, until its answer begins.
  ///
  /// @param query with its question mark, or empty
  HttpResponse<InputStream> call(
      Relayed agent, RelayRequest request, String query, BodyPublisher body) throws IOException {
    var call = HttpRequest.newBuilder(URI.create(agent.url() + request.path() + query));
    call.method(request.method(), body);
    headers(agent, request).forEach((name, values) -> values.forEach(v -> call.header(name, v)));
    try {
      return client.send(call.build(), BodyHandlers.ofInputStream());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The hub stops");
    }
  }

  static BodyPublisher body(RelayRequest request) {
    var length = request.header("Content-Length").map(Long::parseLong);
    if (length.isEmpty() && request.header("Transfer-Encoding").isEmpty()) {
      return BodyPublishers.noBody();
    }
    var stream = BodyPublishers.ofInputStream(request::body);
    return length.isPresent() ? withLength(stream, length.get()) : stream;
  }

  private static BodyPublisher withLength(BodyPublisher stream, long length) {
    return length == 0 ? BodyPublishers.noBody() : BodyPublishers.fromPublisher(stream, length);
  }

  private static Map<String, List<String>> headers(Relayed agent, RelayRequest request)
      throws IOException {
    var headers = endToEnd(request.headers());
    headers.keySet().removeIf(name -> NOT_THE_CLIENTS.contains(lower(name)));
    agent
        .headers()
        .forEach(
            (name, value) -> {
              headers.keySet().removeIf(name::equalsIgnoreCase);
              headers.put(name, List.of(value));
            });
    // what is compressed cannot be read
    headers.put("Accept-Encoding", List.of("identity"));
    return headers;
  }

  static Map<String, List<String>> endToEnd(HttpHeaders headers) {
    return endToEnd(headers.map());
  }

  /// The headers that are not for the next hop only.
  private static Map<String, List<String>> endToEnd(Map<String, List<String>> headers) {
    var dropped = new TreeSet<>(HOP_BY_HOP);
    dropped.addAll(namedByConnection(headers));
    var kept = new LinkedHashMap<>(headers);
    kept.keySet().removeIf(name -> name.startsWith(":") || dropped.contains(lower(name)));
    return kept;
  }

  private static Set<String> namedByConnection(Map<String, List<String>> headers) {
    return headers.entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase("Connection"))
        .map(Map.Entry::getValue)
        .flatMap(Collection::stream)
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(name -> lower(name.strip()))
        .collect(Collectors.toSet());
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
