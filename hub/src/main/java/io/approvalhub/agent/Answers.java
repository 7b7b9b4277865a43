package io.approvalhub.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.kit.JsonHttp.Reply;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.Locale;

/// What an agent's answer means when it is not the one hoped for.
public final class Answers {

  private static final int LONGEST = 100_000;

  private Answers() {}

  /// Whether an agent took what it was told. A page is what others answer in its place.
  public static boolean isTaken(Reply reply) {
    var type = reply.headers().firstValue("Content-Type").orElse("");
    return reply.ok() && !type.toLowerCase(Locale.ROOT).startsWith("text/html");
  }

  /// The failure that an answer stands for.
  ///
  /// @param who answered, such as `HiveGate`
  /// @param credentials the settings to check when they were refused
  public static IOException failure(Reply reply, String who, String credentials) {
    return failure(reply.status(), reply.headers(), who, credentials);
  }

  /// The same for an answer whose body is not looked at.
  public static IOException failure(
      int status, HttpHeaders headers, String who, String credentials) {
    return switch (status) {
      case 401, 403 ->
          new StoppedException("%s answered %d; check %s".formatted(who, status, credentials));
      case 429, 503 ->
          JsonHttp.retryAfter(headers)
              .<IOException>map(delay -> new TryAgainException(who + " asked to wait", delay))
              .orElseGet(() -> answered(status, who));
      default -> answered(status, who);
    };
  }

  /// The body of an answer that is no stream, as far as it is needed; a missing node when it is no
  /// JSON.
  public static JsonNode body(HttpResponse<InputStream> response) {
    try (var body = response.body()) {
      return Json.parse(body.readNBytes(LONGEST));
    } catch (IOException _) {
      return MissingNode.getInstance();
    }
  }

  private static IOException answered(int status, String who) {
    return new IOException(
        status / 100 == 2
            ? who + " answered something other than was asked for"
            : who + " answered " + status);
  }
}
