package io.approvalhub.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.approvalhub.kit.Json;
import io.approvalhub.testkit.FakePlatform.Call;
import io.approvalhub.testkit.FakePlatform.Trouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// An HTTP server on 127.0.0.1 with routes, a memory and troubles: what the fakes have in common.
///
/// Routes are tried in the order in which they were added, each call on a virtual thread of its
/// own. What no route takes is answered 404, and remembered too.
public final class FakeServer implements AutoCloseable {

  static {
    // Without it every second call on a connection waits 40 ms for an acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final List<Entry> routes = new CopyOnWriteArrayList<>();
  private final List<Call> calls = Collections.synchronizedList(new ArrayList<>());
  private final List<Consumer<Call>> listeners = new CopyOnWriteArrayList<>();
  private final Queue<Trouble> troubles = new ConcurrentLinkedQueue<>();
  private final Function<Trouble, Answer> words;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final HttpServer server;
  private final URI address;

  /// A server whose troubles are plain HTTP: 429 with `Retry-After: 2`, 500, 401.
  public FakeServer() {
    this(FakeServer::plain);
  }

  /// @param words how the platform puts each trouble; never asked for `ANSWER_LOST` and `NONSENSE`
  public FakeServer(Function<Trouble, Answer> words) {
    this.words = words;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
    address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// The root of the server, such as `http://127.0.0.1:40123`, without a slash at the end.
  public URI address() {
    return address;
  }

  /// Answers calls whose whole path matches `path`, a regular expression in any case.
  ///
  /// @param name what the call is remembered by
  public FakeServer on(String method, String path, String name, Route route) {
    routes.add(new Entry(method, path(path), Optional.of(name), route));
    return this;
  }

  /// The same for calls that are not remembered and that no trouble reaches, such as long polls.
  public FakeServer aside(String method, String path, Route route) {
    routes.add(new Entry(method, path(path), Optional.empty(), route));
    return this;
  }

  /// Answers the next `times` calls with this trouble.
  public void trouble(Trouble trouble, int times) {
    troubles.addAll(Collections.nCopies(times, trouble));
  }

  /// What was called so far, in the order of the answers.
  public List<Call> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  /// Remembers a call that came in another way, such as through a socket.
  public void remember(Call call) {
    calls.add(call);
    listeners.forEach(listener -> listener.accept(call));
  }

  /// Tells `listener` of every call that is remembered, on the thread that answers it.
  public void onCall(Consumer<Call> listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      server.stop(0);
      threads.shutdownNow();
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var request = request(exchange);
      for (var route : routes) {
        var match = route.path.matcher(request.path());
        if (route.method.equals(request.method()) && match.matches()) {
          answer(exchange, route, request.matching(match.toMatchResult()));
          return;
        }
      }
      remember(new Call(request.method() + " " + request.path(), body(request), 404));
      send(exchange, Answer.of(404));
    }
  }

  private void answer(HttpExchange exchange, Entry route, Request request) throws IOException {
    var trouble =
        route.name.isPresent() ? Optional.ofNullable(troubles.poll()) : Optional.<Trouble>empty();
    if (trouble.equals(Optional.of(Trouble.ANSWER_LOST))) {
      route.route.answer(request);
      route.name.ifPresent(name -> remember(new Call(name, body(request), 0)));
      return;
    }
    var answer = trouble.isPresent() ? put(trouble.get()) : route.route.answer(request);
    route.name.ifPresent(name -> remember(new Call(name, body(request), answer.status())));
    send(exchange, answer);
  }

  private Answer put(Trouble trouble) {
    return trouble == Trouble.NONSENSE ? Answer.page() : words.apply(trouble);
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    var empty = answer.body().length == 0;
    exchange.sendResponseHeaders(answer.status(), empty ? -1 : answer.body().length);
    if (!empty) {
      exchange.getResponseBody().write(answer.body());
    }
  }

  private static Request request(HttpExchange exchange) throws IOException {
    var uri = exchange.getRequestURI();
    return new Request(
        exchange.getRequestMethod(),
        uri.getPath(),
        Fields.decoded(uri.getRawQuery()),
        Map.copyOf(exchange.getRequestHeaders()),
        exchange.getRequestBody().readAllBytes(),
        Optional.empty());
  }

  private static String body(Request request) {
    return Json.text(request.fields());
  }

  private static Answer plain(Trouble trouble) {
    return switch (trouble) {
      case TOO_MANY -> Answer.of(429).with("Retry-After", "2");
      case BROKEN, ANSWER_LOST, NONSENSE -> Answer.of(500);
      case REVOKED -> Answer.of(401);
    };
  }

  private static Pattern path(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
  }

  /// What answers a call. An exception becomes a lost answer.
  @FunctionalInterface
  public interface Route {
    /// Answers one call; called from any thread.
    Answer answer(Request request) throws IOException;
  }

  /// A call as it came.
  @SuppressWarnings("ArrayRecordComponent")
  public record Request(
      String method,
      String path,
      Map<String, List<String>> query,
      Map<String, List<String>> headers,
      byte[] body,
      Optional<MatchResult> match) {

    /// What a group of the route's path matched.
    public String group(int number) {
      return match.orElseThrow().group(number);
    }

    /// The first value of a header, whatever its case.
    public Optional<String> header(String name) {
      return headers.entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .flatMap(header -> header.getValue().stream())
          .findFirst();
    }

    /// The body as text.
    public String text() {
      return new String(body, UTF_8);
    }

    /// The body as JSON, however it is encoded: JSON as it is, a form as an object of texts, a
    /// multipart form as an object of texts and of `{"filename", "text"}` for files. What is none
    /// of these is one text.
    public JsonNode fields() {
      return Fields.of(this);
    }

    Request matching(MatchResult result) {
      return new Request(method, path, query, headers, body, Optional.of(result));
    }
  }

  /// What a call is answered with.
  @SuppressWarnings("ArrayRecordComponent")
  public record Answer(int status, Map<String, String> headers, byte[] body) {

    /// An answer without a body.
    public static Answer of(int status) {
      return new Answer(status, Map.of(), new byte[0]);
    }

    /// An answer in JSON.
    public static Answer json(int status, JsonNode body) {
      return new Answer(
          status, Map.of("Content-Type", "application/json"), Json.text(body).getBytes(UTF_8));
    }

    /// What a proxy or a captive portal says in the place of whom it hides.
    static Answer page() {
      return new Answer(
          200, Map.of("Content-Type", "text/html"), "<html>Welcome</html>".getBytes(UTF_8));
    }

    /// The same with one more header.
    public Answer with(String header, String value) {
      var more = new TreeMap<>(headers);
      more.put(header, value);
      return new Answer(status, more, body);
    }
  }

  private record Entry(String method, Pattern path, Optional<String> name, Route route) {}
}
