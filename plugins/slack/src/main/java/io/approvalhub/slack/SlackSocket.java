package io.approvalhub.slack;

import com.fasterxml.jackson.databind.JsonNode;
import com.slack.api.socket_mode.impl.SocketModeClientJavaWSImpl;
import com.slack.api.socket_mode.queue.impl.ConcurrentLinkedMessageQueue;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Connection;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.java_websocket.exceptions.WebsocketNotConnectedException;
import org.jspecify.annotations.Nullable;

/// Socket Mode: clicks come in over a socket that this side opened.
///
/// Slack ends every socket after an hour or so, and says so before. The next one is opened then,
/// and the old one is read until Slack closes it, so that no click falls between them. The SDK's
/// own way, which closes the old one at once, loses what is under way.
final class SlackSocket implements Connection {

  private static final Duration HELLO = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration YOUNG = Duration.ofMinutes(1);
  private static final int MOST_RESTLESS = 6;
  private static final int ACKS = 20;
  private static final Duration ACK_PAUSE = Duration.ofMillis(100);

  private final SlackApi api;
  private final String appToken;
  private final Hub hub;
  private final Runnable contact;
  private final Consumer<JsonNode> interactions;
  private final Duration silence;
  private volatile @Nullable Session newest;

  /// How many sockets in a row were to be replaced soon after they were opened.
  private int restless;

  /// @param contact called whenever Slack was heard of
  /// @param interactions takes what people did; when it fails, Slack tells them
  /// @param silence how long the socket may be silent before it is checked
  SlackSocket(
      SlackApi api,
      String appToken,
      Hub hub,
      Runnable contact,
      Consumer<JsonNode> interactions,
      Duration silence) {
    this.api = api;
    this.appToken = appToken;
    this.hub = hub;
    this.contact = contact;
    this.interactions = interactions;
    this.silence = silence;
  }

  @Override
  public void run() throws IOException, InterruptedException {
    try {
      follow(open());
    } catch (IOException e) {
      // The HTTP client makes an IOException of an interrupt.
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw e;
    }
  }

  private void follow(Session first) throws IOException, InterruptedException {
    var session = first;
    var retired = new ArrayList<Session>();
    try {
      while (true) {
        switch (session.next(silence)) {
          case HELLO -> {}
          case QUIET -> check(session);
          case REFRESH -> {
            retired.forEach(Session::close);
            retired.clear();
            retired.add(session);
            session = successor(session);
          }
          case DISABLED ->
              throw new StoppedException(
                  "Socket Mode is switched off for this Slack app; switch it on in the app's"
                      + " settings");
          case CLOSED -> throw new IOException("the socket to Slack was closed");
        }
      }
    } finally {
      retired.forEach(Session::close);
      session.close();
    }
  }

  private Session open() throws IOException, InterruptedException {
    var session = session(api.socket(appToken));
    var greeted = false;
    try {
      session.connect();
      greeted = session.next(HELLO) == Signal.HELLO;
    } finally {
      if (!greeted) {
        session.close();
      }
    }
    if (!greeted) {
      throw new IOException("Slack did not say hello on a new socket");
    }
    newest = session;
    return session;
  }

  private Session session(String url) throws IOException {
    try {
      return new Session(url);
    } catch (URISyntaxException _) {
      throw new IOException("Slack gave an address for the socket that is none");
    }
  }

  // While the old one is open, clicks still come by it.
  private Session successor(Session old) throws IOException, InterruptedException {
    if (old.endsWithin(rest(old))) {
      throw new IOException("Slack closed a new socket at once");
    }
    while (true) {
      try {
        return open();
      } catch (StoppedException e) {
        throw e;
      } catch (IOException e) {
        if (old.endsWithin(e instanceof TryAgainException again ? again.delay() : PAUSE)) {
          throw e;
        }
      }
    }
  }

  // Slack may want each new socket replaced at once, and counts how many are opened.
  private Duration rest(Session old) {
    restless = old.young() ? Math.min(restless + 1, MOST_RESTLESS) : 0;
    return restless < 2 ? Duration.ZERO : PAUSE.multipliedBy(1L << (restless - 2));
  }

  // Not on this thread, since the check swallows an interrupt.
  private void check(Session session) {
    hub.later(
        () -> {
          if (session.verifyConnection()) {
            contact.run();
          } else {
            session.signals.add(Signal.CLOSED);
          }
        });
  }

  private void heard(Session session, JsonNode frame) {
    contact.run();
    switch (frame.path("type").asText()) {
      case "hello" -> session.signals.add(Signal.HELLO);
      case "disconnect" -> session.signals.add(goodbye(frame.path("reason").asText()));
      case "interactive" -> hub.later(() -> take(session, frame));
      default -> hub.later(() -> acknowledge(session, frame));
    }
  }

  private static Signal goodbye(String reason) {
    return switch (reason) {
      case "link_disabled" -> Signal.DISABLED;
      case "too_many_websockets" -> Signal.CLOSED;
      default -> Signal.REFRESH;
    };
  }

  // A decision is stored before it is acknowledged; one that could not be stored is not, and Slack
  // tells the person that it failed.
  private void take(Session session, JsonNode frame) throws IOException {
    try {
      interactions.accept(frame.path("payload"));
    } catch (RuntimeException | Error e) {
      hub.trouble("A click was not taken: " + e.getClass().getSimpleName());
      return;
    }
    acknowledge(session, frame);
  }

  // Around a refresh an acknowledgement may get lost with the socket that it went into, so a socket
  // that is opened within the next two seconds gets it, too.
  private void acknowledge(Session session, JsonNode frame) throws IOException {
    var id = frame.path("envelope_id").asText();
    Session told = null;
    for (var attempt = 0; attempt < ACKS && !id.isEmpty(); attempt++) {
      var next = newest;
      if (next != null && next != told && next.acknowledge(id)) {
        told = next;
      } else if (told == null && session.acknowledge(id)) {
        told = session;
      }
      LockSupport.parkNanos(ACK_PAUSE.toNanos());
    }
    if (told == null && !id.isEmpty()) {
      throw new IOException("Slack could not be told that a click was taken");
    }
  }

  private enum Signal {
    HELLO,
    QUIET,
    REFRESH,
    DISABLED,
    CLOSED
  }

  /// One socket. It neither reconnects nor watches itself, and hands over each frame as it comes
  /// instead of every ten milliseconds.
  private final class Session extends SocketModeClientJavaWSImpl {

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final long since = System.nanoTime();

    Session(String url) throws URISyntaxException {
      super(api.slack(), appToken, url, 0, new ConcurrentLinkedMessageQueue(), false, false, 0);
      addWebSocketErrorListener(_ -> signals.add(Signal.CLOSED));
      addWebSocketCloseListener((_, _) -> signals.add(Signal.CLOSED));
    }

    Signal next(Duration patience) throws InterruptedException {
      var signal = signals.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      return signal == null ? Signal.QUIET : signal;
    }

    boolean young() {
      return System.nanoTime() - since < YOUNG.toNanos();
    }

    /// Whether it ends while one waits.
    boolean endsWithin(Duration patience) throws InterruptedException {
      var end = System.nanoTime() + patience.toNanos();
      for (var left = patience;
          left.isPositive();
          left = Duration.ofNanos(end - System.nanoTime())) {
        var signal = next(left);
        if (signal == Signal.CLOSED || signal == Signal.DISABLED) {
          return true;
        }
      }
      return false;
    }

    boolean acknowledge(String envelope) {
      try {
        sendWebSocketMessage(Json.text(Json.object().put("envelope_id", envelope)));
        return true;
      } catch (WebsocketNotConnectedException _) {
        return false;
      }
    }

    @Override
    public void close() {
      disconnect();
      getMessageProcessorExecutor().shutdownNow();
    }

    @Override
    public void enqueueMessage(String frame) {
      try {
        heard(this, Json.parse(frame));
      } catch (IOException _) {
        hub.trouble("Slack sent something over its socket that is not JSON");
      } catch (RuntimeException | Error e) {
        // The library would close the socket.
        hub.trouble("What Slack sent over its socket broke: " + e.getClass().getSimpleName());
      }
    }
  }
}
