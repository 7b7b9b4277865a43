package io.approvalhub.agent;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/// Calls to agents.
public final class Requests {

  private static final Duration CALL = Duration.ofSeconds(15);

  private Requests() {}

  /// A GET with these headers.
  ///
  /// @throws IOException when a header cannot be sent; the message does not hold it, since it may
  ///     be a secret
  public static HttpRequest get(URI uri, Map<String, String> headers) throws IOException {
    try {
      var request = HttpRequest.newBuilder(uri).timeout(CALL);
      headers.forEach(request::header);
      return request.build();
    } catch (IllegalArgumentException _) {
      throw new IOException("Call to " + uri.getHost() + " has a header that is not valid");
    }
  }

  /// An id as one segment of a path.
  public static String encoded(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
