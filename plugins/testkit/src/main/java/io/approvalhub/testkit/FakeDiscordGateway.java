package io.approvalhub.testkit;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshakeBuilder;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;

/// Discord's gateway: logs bots in, hands them events, and replays to those that resume what they
/// missed.
final class FakeDiscordGateway extends WebSocketServer {

  private static final int WRONG_TOKEN = 4004;
  private static final int NOT_AUTHENTICATED = 4003;

  private final Supplier<String> token;
  private final Supplier<List<ObjectNode>> welcome;
  private final List<Session> sessions = new CopyOnWriteArrayList<>();
  private final CountDownLatch started = new CountDownLatch(1);
  private volatile boolean refusing;
  private final AtomicInteger resumed = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  /// @param token the one that logs in at the moment
  /// @param welcome the READY event and those after it, without session and sequence
  FakeDiscordGateway(Supplier<String> token, Supplier<List<ObjectNode>> welcome) {
    super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    this.token = token;
    this.welcome = welcome;
    setDaemon(true);
    setReuseAddr(true);
    setConnectionLostTimeout(0);
  }

  FakeDiscordGateway open() {
    start();
    try {
      if (!started.await(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("The gateway did not start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return this;
  }

  URI address() {
    return URI.create("ws://127.0.0.1:" + getPort() + "/");
  }

  /// Turns new connections away, as during an outage.
  void refuse(boolean refuse) {
    refusing = refuse;
  }

  /// Breaks every connection without a word; the sessions can be resumed.
  void drop() {
    sessions.forEach(Session::drop);
  }

  /// Closes every connection with a code, such as 4004.
  void close(int code) {
    sessions.forEach(session -> session.close(code));
  }

  /// How many bots are logged in and connected.
  long connected() {
    return sessions.stream().filter(Session::connected).count();
  }

  /// How often a bot resumed its session.
  int resumed() {
    return resumed.get();
  }

  /// How often a bot was turned away.
  int refused() {
    return refused.get();
  }

  /// Hands an event to every bot, once there is one; one that is not connected gets it when it
  /// resumes.
  void dispatch(String type, ObjectNode data) {
    await().until(() -> !sessions.isEmpty());
    sessions.forEach(session -> session.dispatch(type, data));
  }

  void shut() {
    try {
      stop(500);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public ServerHandshakeBuilder onWebsocketHandshakeReceivedAsServer(
      WebSocket connection, Draft draft, ClientHandshake request) throws InvalidDataException {
    if (refusing) {
      refused.incrementAndGet();
      throw new InvalidDataException(CloseFrame.REFUSE, "refused");
    }
    return super.onWebsocketHandshakeReceivedAsServer(connection, draft, request);
  }

  @Override
  public void onStart() {
    started.countDown();
  }

  @Override
  public void onOpen(WebSocket connection, ClientHandshake handshake) {
    connection.send(frame(10, Json.object().put("heartbeat_interval", 41_250)));
  }

  @Override
  public void onMessage(WebSocket connection, String text) {
    var message = parse(text);
    switch (message.path("op").asInt()) {
      case 1 -> connection.send(frame(11, null));
      case 2 -> identify(connection, message.path("d"));
      case 6 -> resume(connection, message.path("d"));
      case 3, 4, 8 -> {} // presence, voice and member requests, which need no answer here
      default -> connection.close(4001);
    }
  }

  @Override
  public void onClose(WebSocket connection, int code, String reason, boolean remote) {
    if (remote && (code == CloseFrame.NORMAL || code == CloseFrame.GOING_AWAY)) {
      sessions.removeIf(session -> session.uses(connection));
    }
  }

  @Override
  public void onError(@Nullable WebSocket connection, Exception problem) {
    if (connection != null) {
      connection.closeConnection(CloseFrame.ABNORMAL_CLOSE, "");
    }
  }

  private void identify(WebSocket connection, JsonNode identity) {
    if (!identity.path("token").asText().equals(token.get())) {
      connection.close(WRONG_TOKEN, "Authentication failed.");
      return;
    }
    var session = new Session(connection);
    sessions.add(session);
    for (var event : welcome.get()) {
      if (event.path("t").asText().equals("READY")) {
        event.withObject("/d").put("session_id", session.id);
        event.withObject("/d").put("resume_gateway_url", address().toString());
      }
      session.dispatch(event.path("t").asText(), event.withObject("/d"));
    }
  }

  private void resume(WebSocket connection, JsonNode resume) {
    if (!resume.path("token").asText().equals(token.get())) {
      connection.close(NOT_AUTHENTICATED, "Not authenticated.");
      return;
    }
    sessions.stream()
        .filter(session -> session.id.equals(resume.path("session_id").asText()))
        .findFirst()
        .ifPresentOrElse(
            session -> resume(session, connection, resume.path("seq").asInt()),
            () -> connection.send("{\"op\":9,\"d\":false}"));
  }

  private void resume(Session session, WebSocket connection, int seen) {
    session.resume(connection, seen);
    resumed.incrementAndGet();
  }

  private static String frame(int op, @Nullable ObjectNode data) {
    return Json.text(Json.object().put("op", op).set("d", data));
  }

  private static JsonNode parse(String text) {
    try {
      return Json.parse(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A bot that logged in, and all that happened since.
  private static final class Session {

    final String id = UUID.randomUUID().toString().replace("-", "");
    private final List<String> events = new ArrayList<>();
    private WebSocket connection;

    Session(WebSocket connection) {
      this.connection = connection;
    }

    synchronized void dispatch(String type, ObjectNode data) {
      var event = Json.object().put("op", 0).put("t", type).put("s", events.size() + 1);
      events.add(Json.text(event.set("d", data)));
      if (connection.isOpen()) {
        connection.send(events.getLast());
      }
    }

    synchronized void resume(WebSocket connection, int seen) {
      this.connection = connection;
      events.stream().skip(seen).forEach(connection::send);
      dispatch("RESUMED", Json.object());
    }

    synchronized boolean connected() {
      return connection.isOpen();
    }

    synchronized boolean uses(WebSocket other) {
      return connection == other;
    }

    synchronized void drop() {
      connection.closeConnection(CloseFrame.ABNORMAL_CLOSE, "");
    }

    synchronized void close(int code) {
      connection.close(code, "");
    }
  }
}
