package io.approvalhub.agent.relay;

import io.approvalhub.kit.JsonHttp;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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

  /// Those that the call gets anew, the client's key, and what it told the hub only.
  private static final Set<String> NOT_THE_AGENTS =
      Set.of(
          "host",
          "content-length",
          "expect",
          "accept-encoding",
          "authorization",
          "x-api-key",
          "cookie",
          "referer");

  /// A cookie of the agent's would be one of the hub's to a browser.
  private static final String COOKIE = "set-cookie";

  private final HttpClient client = JsonHttp.client();

  /// Calls the agent and waits, however long, until its answer begins.
  HttpResponse<InputStream> call(RelayedAgent agent, RelayRequest request, BodyPublisher body)
      throws IOException {
    var call = HttpRequest.newBuilder(address(agent.url(), request));
    method(call, request.method(), body);
    headers(agent, request).forEach((name, values) -> values.forEach(v -> call.header(name, v)));
    try {
      return believable(client.send(call.build(), BodyHandlers.ofInputStream()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The hub stops");
    }
  }

  /// The host is always the configured one, whatever the path.
  private static URI address(URI agent, RelayRequest request) throws IOException {
    var root = agent.getScheme() + "://" + agent.getRawAuthority();
    var address = URI.create(root + agent.getRawPath() + request.path().text() + request.query());
    if (!agent.getRawAuthority().equals(address.getRawAuthority())) {
      throw new IOException("the address of a call leads elsewhere");
    }
    return address;
  }

  /// Without a body, nothing is said of one.
  private static void method(HttpRequest.Builder call, String method, BodyPublisher body) {
    if (body.contentLength() != 0) {
      call.method(method, body);
      return;
    }
    switch (method) {
      case "GET" -> call.GET();
      case "HEAD" -> call.HEAD();
      case "DELETE" -> call.DELETE();
      default -> call.method(method, body);
    }
  }

  /// Two readers would take an answer with two lengths for two different ones.
  private static HttpResponse<InputStream> believable(HttpResponse<InputStream> answer)
      throws IOException {
    var headers = answer.headers();
    if (headers.firstValue("Transfer-Encoding").isPresent()
        && headers.firstValue("Content-Length").isPresent()) {
      Copy.close(answer.body());
      throw new IOException("an answer has two lengths");
    }
    return answer;
  }

  private static Map<String, List<String>> headers(RelayedAgent agent, RelayRequest request)
      throws IOException {
    var headers = endToEnd(request.headers());
    headers.keySet().removeIf(name -> NOT_THE_AGENTS.contains(lower(name)));
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

  /// The headers of an answer that are the client's.
  static Map<String, List<String>> forClient(HttpHeaders headers) {
    var kept = endToEnd(headers.map());
    kept.keySet().removeIf(COOKIE::equalsIgnoreCase);
    return kept;
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
