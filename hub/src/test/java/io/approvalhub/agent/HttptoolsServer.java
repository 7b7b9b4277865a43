package io.approvalhub.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// A server that reads HTTP as uvicorn does with httptools: whatever comes after a request that
/// offers an upgrade is no longer HTTP to it, so that the body of such a request is lost, and what
/// needs one is answered 422.
public final class HttptoolsServer implements AutoCloseable {

  private static final String UNPROCESSABLE =
      "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\"]}]}";

  private final ServerSocket socket;
  private final Function<Request, String> answers;
  private final List<Request> taken = new CopyOnWriteArrayList<>();

  /// @param answers the JSON that answers a request
  public HttptoolsServer(Function<Request, String> answers) {
    this.answers = answers;
    try {
      socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  /// The requests whose body was understood, in order.
  public List<Request> taken() {
    return List.copyOf(taken);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        var connection = socket.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException _) {
        // closed
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      var in = new BufferedInputStream(connection.getInputStream());
      for (var line = line(in); !line.isEmpty(); line = line(in)) {
        answer(connection, line, in);
      }
    } catch (IOException _) {
      // the client has gone
    }
  }

  private void answer(Socket connection, String start, InputStream in) throws IOException {
    var length = 0;
    var upgrades = false;
    for (var header = line(in); !header.isEmpty(); header = line(in)) {
      var name = header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT);
      var value = header.substring(header.indexOf(':') + 1).strip();
      length = name.equals("content-length") ? Integer.parseInt(value) : length;
      upgrades |= name.equals("upgrade");
    }
    var body = new String(in.readNBytes(length), UTF_8);
    var words = start.split(" ", -1);
    var isLost = upgrades && length > 0;
    var request = new Request(words[0], words[1], body);
    if (!isLost) {
      taken.add(request);
    }
    var bytes = (isLost ? UNPROCESSABLE : answers.apply(request)).getBytes(UTF_8);
    var head =
        "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(isLost ? "422 Unprocessable Entity" : "200 OK", bytes.length);
    connection.getOutputStream().write(head.getBytes(UTF_8));
    connection.getOutputStream().write(bytes);
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (var each = in.read(); each >= 0 && each != '\n'; each = in.read()) {
      if (each != '\r') {
        line.append((char) each);
      }
    }
    return line.toString();
  }

  /// A request as it was understood.
  public record Request(String method, String path, String body) {}
}
