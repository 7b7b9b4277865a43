package io.approvalhub.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshakeBuilder;
import org.java_websocket.server.WebSocketServer;

/// The server of Slack's Socket Mode: hands out addresses good for one connection, and sends each
/// interaction to any one of those that are open.
final class SlackSockets extends WebSocketServer {

  private static final int MOST = 10;

  private final String app;
  private final Set<String> tickets = ConcurrentHashMap.newKeySet();
  private final List<WebSocket> open = new CopyOnWriteArrayList<>();
  private final List<WebSocket> leaving = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> acknowledged = new ConcurrentHashMap<>();
  private final AtomicInteger greeted = new AtomicInteger();
  private volatile boolean frozen;
  private volatile boolean restless;
  private final CountDownLatch started = new CountDownLatch(1);

  SlackSockets(String app) {
    super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    this.app = app;
    setDaemon(true);
    setReuseAddr(true);
    setTcpNoDelay(true);
    setConnectionLostTimeout(0);
    start();
    await(started);
  }

  /// The address of a new socket.
  String ticket() {
    var ticket = UUID.randomUUID().toString();
    tickets.add(ticket);
    return "ws://127.0.0.1:" + getPort() + "/link/?ticket=" + ticket;
  }

  /// How many sockets were opened so far.
  int greeted() {
    return greeted.get();
  }

  /// How many are open.
  int size() {
    return open.size();
  }

  /// Sends an interaction to one of the open sockets.
  ///
  /// @return its envelope
  String deliver(JsonNode payload) {
    var envelope = UUID.randomUUID().toString();
    deliver(payload, envelope);
    return envelope;
  }

  /// The same in an envelope that was used before.
  void deliver(JsonNode payload, String envelope) {
    var frame = Json.object().put("envelope_id", envelope).put("type", "interactive");
    frame.put("accepts_response_payload", payload.path("type").asText().equals("view_submission"));
    frame.set("payload", payload);
    // The oldest one, as it may be the one that is about to end.
    open.stream()
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no socket is open to bring a click"))
        .send(Json.text(frame));
  }

  /// How often an envelope was acknowledged.
  int acknowledged(String envelope) {
    return acknowledged.getOrDefault(envelope, 0);
  }

  /// Tells all open sockets that they end, and why.
  void goodbye(String reason) {
    open.forEach(socket -> goodbye(socket, reason));
  }

  private void goodbye(WebSocket socket, String reason) {
    leaving.add(socket);
    socket.send(Json.text(Json.object().put("type", "disconnect").put("reason", reason)));
  }

  /// Closes the sockets that were told so.
  void closeLeaving() {
    leaving.forEach(WebSocket::close);
    leaving.clear();
  }

  /// Ends all connections without a word.
  void drop() {
    open.forEach(socket -> socket.closeConnection(CloseFrame.ABNORMAL_CLOSE, "dropped"));
  }

  /// Keeps the sockets open without a sign of life, or lives again.
  void freeze(boolean isFrozen) {
    frozen = isFrozen;
  }

  /// Wants every new socket replaced at once, or no longer.
  void restless(boolean isRestless) {
    restless = isRestless;
  }

  /// Sends a text on every open socket as it is.
  void say(String text) {
    open.forEach(socket -> socket.send(text));
  }

  void close() {
    try {
      stop(0);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public ServerHandshakeBuilder onWebsocketHandshakeReceivedAsServer(
      WebSocket socket, Draft draft, ClientHandshake request) throws InvalidDataException {
    var ticket = request.getResourceDescriptor().replaceFirst(".*ticket=", "");
    if (!tickets.remove(ticket) || open.size() >= MOST) {
      throw new InvalidDataException(CloseFrame.POLICY_VALIDATION, "the ticket is not valid");
    }
    return super.onWebsocketHandshakeReceivedAsServer(socket, draft, request);
  }

  @Override
  public void onOpen(WebSocket socket, ClientHandshake handshake) {
    var hello = Json.object().put("type", "hello").put("num_connections", open.size() + 1);
    hello.putObject("debug_info").put("host", "fake").put("approximate_connection_time", 18_060);
    hello.putObject("connection_info").put("app_id", app);
    socket.send(Json.text(hello));
    greeted.incrementAndGet();
    open.add(socket);
    if (restless) {
      goodbye(socket, "refresh_requested");
    }
  }

  @Override
  public void onMessage(WebSocket socket, String message) {
    try {
      acknowledged.merge(Json.parse(message).path("envelope_id").asText(), 1, Integer::sum);
    } catch (IOException e) {
      socket.close(CloseFrame.PROTOCOL_ERROR, e.getMessage());
    }
  }

  @Override
  public void onClose(WebSocket socket, int code, String reason, boolean remote) {
    open.remove(socket);
  }

  @Override
  public void onError(WebSocket socket, Exception e) {
    open.remove(socket);
  }

  @Override
  public void onWebsocketPing(WebSocket socket, Framedata ping) {
    if (!frozen) {
      super.onWebsocketPing(socket, ping);
    }
  }

  @Override
  public void onStart() {
    started.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(Duration.ofSeconds(10).toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("The socket server did not start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
