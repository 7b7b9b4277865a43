package io.approvalhub.breaking;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// A port between the hubs and the world, through which calls go one by one, and where mischief
/// happens to them.
///
/// Each call goes to any of the servers behind it that can be reached, as a load balancer does it.
final class Door implements AutoCloseable {

  private static final int CHUNK = 8 << 10;
  private static final int DRIP_BYTES = 16;
  private static final int DRIP_MILLIS = 15;
  private static final int LATEST_MILLIS = 900;
  private static final Duration WHOLE = Duration.ofSeconds(3);
  private static final String OVERLOADED =
      """
      {"ok": false, "error": "ratelimited", "error_code": 429, "message": "You are being rate limited.",
       "retry_after": 1.0, "parameters": {"retry_after": 1}}\
      """;

  private final String name;
  private final Supplier<List<Integer>> targets;
  private final Journal journal;
  private final ServerSocket port;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Set<String> hidden = ConcurrentHashMap.newKeySet();
  private final List<HttpText> posts = new CopyOnWriteArrayList<>();
  private volatile Mischief mischief = Mischief.NONE;
  private volatile boolean shut;

  Door(String name, Journal journal, Supplier<List<Integer>> targets) {
    this.name = name;
    this.journal = journal;
    this.targets = targets;
    try {
      port = new ServerSocket(0, 100, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::admit);
  }

  int port() {
    return port.getLocalPort();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /// Lets this happen to every call from now on.
  void set(Mischief to) {
    mischief = to;
  }

  /// Whether somebody may not have learnt that a call took effect which mentions `what`.
  boolean hid(String what) {
    return hidden.contains(what);
  }

  /// Whether somebody was turned away who may think that a call took effect.
  boolean wasShut() {
    return shut;
  }

  /// Delivers all calls again that were posted to a path with this beginning, the newest first.
  void replay(String path) {
    var again = new ArrayList<>(posts);
    Collections.reverse(again);
    again.stream()
        .filter(post -> post.path().startsWith(path))
        .forEach(post -> threads.execute(() -> deliver(post)));
  }

  @Override
  public void close() {
    quietly(port);
    threads.shutdownNow();
    open.forEach(Door::quietly);
  }

  private void admit() {
    try {
      while (true) {
        var visitor = port.accept();
        threads.execute(() -> serve(visitor));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void serve(Socket visitor) {
    open.add(visitor);
    try (visitor) {
      if (mischief == Mischief.REFUSED) {
        shut = true;
        visitor.setSoLinger(true, 0);
        return;
      }
      var request = HttpText.read(visitor.getInputStream());
      if (request.isPresent()) {
        note(request.get());
        pass(request.get(), visitor);
      }
    } catch (IOException | RuntimeException _) {
      // one of the two is gone, and now the other is too
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(visitor);
    }
  }

  private void note(HttpText request) {
    if (request.method().equals("POST")) {
      posts.add(request);
    }
  }

  private void pass(HttpText request, Socket visitor) throws IOException, InterruptedException {
    var now = mischief;
    if (now.hidesAnswers()) {
      Jobs.mentioned(request.path() + request.text()).forEach(hidden::add);
    }
    shut = shut || now.turnsAway();
    var out = visitor.getOutputStream();
    switch (now) {
      case NONE -> pour(request, out);
      case REFUSED -> visitor.setSoLinger(true, 0);
      case TOO_MANY -> answer(request, out, "429 Too Many Requests\r\nRetry-After: 1", OVERLOADED);
      case BROKEN -> answer(request, out, "500 Internal Server Error", "<html>500</html>");
      case NONSENSE -> nonsense(request, out);
      case SLOW -> drip(whole(request), out);
      case HALF_CLOSED -> halfClose(whole(request), visitor);
      case LOST -> whole(request);
      case SILENT -> hold();
      case TWICE -> twice(request, out);
      case LATE -> late(request, out);
    }
    log(request, now);
  }

  private void hold() throws InterruptedException {
    while (mischief == Mischief.SILENT) {
      TimeUnit.MILLISECONDS.sleep(DRIP_MILLIS);
    }
  }

  private void log(HttpText request, Mischief now) {
    if (!request.method().equals("GET") || now != Mischief.NONE) {
      journal.write(
          "%s %s %s %s %s"
              .formatted(
                  name,
                  now == Mischief.NONE ? "" : now,
                  request.method(),
                  request.path(),
                  Jobs.mentioned(request.path() + request.text())));
    }
  }

  private static void answer(HttpText request, OutputStream out, String status, String body)
      throws IOException {
    var head =
        "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(status, body.length());
    out.write((head + body).getBytes(ISO_8859_1));
  }

  private void nonsense(HttpText request, OutputStream out) throws IOException {
    var status = new String(whole(request), ISO_8859_1).split("\r\n", 2)[0];
    answer(request, out, status.replace("HTTP/1.1 ", ""), "<!doctype html><p>Hello {\"ok");
  }

  private void twice(HttpText request, OutputStream out) throws IOException {
    if (request.method().equals("POST")) {
      threads.execute(() -> deliver(request));
    }
    pour(request, out);
  }

  private void late(HttpText request, OutputStream out) throws IOException, InterruptedException {
    TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(LATEST_MILLIS));
    pour(request, out);
  }

  private void deliver(HttpText request) {
    try {
      whole(request);
    } catch (IOException _) {
      // nobody waits for the answer
    }
  }

  /// Sends the request and hands on what comes back, as it comes.
  private void pour(HttpText request, OutputStream out) throws IOException {
    try (var server = server()) {
      server.getOutputStream().write(request.bytes());
      var head = HttpText.head(server.getInputStream()).orElseThrow(IOException::new);
      out.write(HttpText.closing(head).getBytes(ISO_8859_1));
      server.getInputStream().transferTo(out);
    }
  }

  /// The answer, or the part of it that comes within a few seconds.
  private byte[] whole(HttpText request) throws IOException {
    var answer = new ByteArrayOutputStream();
    var end = System.nanoTime() + WHOLE.toNanos();
    try (var server = server()) {
      server.getOutputStream().write(request.bytes());
      server.setSoTimeout((int) WHOLE.toMillis());
      var chunk = new byte[CHUNK];
      for (var count = 0; count >= 0 && System.nanoTime() < end; ) {
        answer.write(chunk, 0, count);
        count = server.getInputStream().read(chunk);
      }
    } catch (SocketTimeoutException _) {
      // what has come is all
    }
    return answer.toByteArray();
  }

  private static void drip(byte[] answer, OutputStream out)
      throws IOException, InterruptedException {
    for (var at = 0; at < answer.length; at += DRIP_BYTES) {
      out.write(answer, at, Math.min(DRIP_BYTES, answer.length - at));
      TimeUnit.MILLISECONDS.sleep(DRIP_MILLIS);
    }
  }

  private static void halfClose(byte[] answer, Socket visitor) throws IOException {
    visitor.getOutputStream().write(answer, 0, answer.length / 2);
    visitor.shutdownOutput();
    visitor.getInputStream().transferTo(OutputStream.nullOutputStream());
  }

  private Socket server() throws IOException {
    var ports = new ArrayList<>(targets.get());
    Collections.shuffle(ports);
    for (var candidate : ports) {
      try {
        var socket = new Socket(port.getInetAddress(), candidate);
        open.add(socket);
        return socket;
      } catch (IOException _) {
        // the next one may be reached
      }
    }
    throw new IOException("nobody is behind " + name);
  }

  private static void quietly(AutoCloseable what) {
    try {
      what.close();
    } catch (Exception _) {
      // it is of no use any more
    }
  }
}
