package io.approvalhub.agent.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.TestHub;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;

/// A client of an agent that calls it through the hub, and the people who decide there.
public final class RelayClient implements AutoCloseable {

  private final TestHub hub;
  private final String agent;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private RelayClient(TestHub hub, String agent) {
    this.hub = hub;
    this.agent = agent;
  }

  /// Starts a hub with one agent called `llm`, which the key `app` may use, and one called
  /// `second`.
  ///
  /// @param settings of the agent, such as `type: mistralrs, url: …`
  public static RelayClient start(Path folder, String settings) {
    return start(folder, settings, "");
  }

  /// @param channels the section of that name
  public static RelayClient start(Path folder, String settings, String channels) {
    return start(folder, settings, channels, Map.of());
  }

  /// @param overrides settings such as `hub.relay-megabytes`
  public static RelayClient start(
      Path folder, String settings, String channels, Map<String, Object> overrides) {
    var configuration =
        """
        hub:
          keys:
            app: {key: app, role: agent, agent: llm}
            stranger: {key: stranger, role: agent, agent: second}
            alice: {key: alice, role: operator, person: alice}
            eve: {key: eve, role: observer}
        people: {alice: {webhook: alice}}
        agents:
          llm: {%s}
          second: {type: push}
        %s
        """
            .formatted(settings, channels);
    return new RelayClient(TestHub.start(folder, configuration, false, overrides), "llm");
  }

  public TestHub hub() {
    return hub;
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(hub.address().resolve("/agents/" + agent + path))
        .header("X-API-Key", "app");
  }

  /// Posts JSON and reads the answer in the background.
  public Reading post(String path, String json) {
    var request = request(path).header("Content-Type", "application/json");
    return read(request.POST(BodyPublishers.ofString(json)).build());
  }

  /// Sends a request and reads the answer in the background.
  public Reading read(HttpRequest request) {
    return new Reading(send(request));
  }

  public HttpResponse<InputStream> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Waits for the only approval that waits.
  public JsonNode waiting() {
    return await().until(this::pending, list -> list.size() == 1).get(0);
  }

  public JsonNode pending() {
    return hub.get("eve", "/v2/approvals").json();
  }

  public JsonNode approval(String id) {
    return hub.get("eve", "/v2/approvals/" + id).json();
  }

  /// Alice decides.
  public void decide(String id, String body) {
    hub.post("alice", "/v2/approvals/" + id + "/decide", body);
  }

  /// Waits for what the agent made of a decision.
  public JsonNode delivered(String id, String delivered) {
    return await()
        .until(() -> approval(id), node -> node.path("delivered").asText().equals(delivered));
  }

  /// Hangs up while an answer comes, and waits until the hub has seen it: what comes before is sent
  /// to a client that no longer reads.
  public void leave(Reading reading) throws IOException {
    reading.leave();
    await()
        .until(
            () -> hub.get("eve", "/prometheus").response().body(),
            metrics -> metrics.contains("approvalhub_relay_left_total 1.0"));
  }

  @Override
  public void close() {
    client.shutdownNow();
    hub.close();
  }

  /// An answer that is being read.
  public static final class Reading {

    private final HttpResponse<InputStream> response;
    private final ByteArrayOutputStream got = new ByteArrayOutputStream();
    private volatile boolean over;
    private volatile boolean whole;

    private Reading(HttpResponse<InputStream> response) {
      this.response = response;
      Thread.ofVirtual().start(this::read);
    }

    public HttpResponse<InputStream> response() {
      return response;
    }

    public String soFar() {
      return got.toString(UTF_8);
    }

    /// The whole answer, once it is over.
    public String all() {
      await().until(() -> over);
      if (!whole) {
        throw new IllegalStateException("The answer was broken off");
      }
      return soFar();
    }

    /// Waits until the answer is broken off.
    public void awaitBroken() {
      await().until(() -> over && !whole);
    }

    /// Hangs up.
    public void leave() throws IOException {
      response.body().close();
    }

    private void read() {
      try {
        response.body().transferTo(got);
        whole = true;
      } catch (IOException _) {
        // seen by whole
      } finally {
        over = true;
      }
    }
  }
}
