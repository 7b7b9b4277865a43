package io.approvalhub.agent.relay;

import io.approvalhub.connection.Backoff;
import io.approvalhub.kit.JsonHttp;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;

/// Calls that must not be repeated once they may have been received.
///
/// Each has a connection of its own: one that is kept may be closed by the other side just then,
/// and nobody could say whether the call had arrived.
public final class UnrepeatableCall {

  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofMillis(100),
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofSeconds(2));

  private UnrepeatableCall() {}

  /// Posts JSON and waits until the answer begins. Only while no connection could be made is it
  /// tried again.
  ///
  /// @param body the JSON
  /// @param timeout how long to wait for the answer
  public static Result post(URI uri, Map<String, String> headers, byte[] body, Duration timeout) {
    var request = HttpRequest.newBuilder(uri).timeout(timeout);
    request.header("Content-Type", "application/json");
    headers.forEach(request::header);
    return post(request.POST(BodyPublishers.ofByteArray(body)).build());
  }

  private static Result post(HttpRequest request) {
    for (var pause : PAUSES) {
      var result = attempt(request);
      if (!(result instanceof Result.NotSent) || !slept(pause)) {
        return result;
      }
    }
    return attempt(request);
  }

  private static Result attempt(HttpRequest request) {
    var client = JsonHttp.client();
    try {
      return new Result.Answered(client.send(request, BodyHandlers.ofInputStream()));
    } catch (ConnectException | HttpConnectTimeoutException | SSLHandshakeException e) {
      return new Result.NotSent(Backoff.reason(e));
    } catch (IOException e) {
      return new Result.Lost(Backoff.reason(e));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Result.Lost("the hub stops");
    } finally {
      client.shutdown();
    }
  }

  private static boolean slept(Duration pause) {
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// What became of the call.
  public sealed interface Result {

    /// It was answered.
    record Answered(HttpResponse<InputStream> response) implements Result {}

    /// It may have arrived.
    record Lost(String why) implements Result {}

    /// It never left.
    record NotSent(String why) implements Result {}
  }
}
