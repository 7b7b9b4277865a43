package io.approvalhub.agent.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// One connection to the hub, on which requests go out as they are written.
final class RawClient implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 15_000;

  private final Socket socket;
  private final InputStream in;

  RawClient(URI hub) {
    try {
      socket = new Socket(hub.getHost(), hub.getPort());
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends a request with the key of the agent `llm`.
  ///
  /// @param line such as `GET /agents/llm/v1/models`
  Answer send(String line, String... headers) throws IOException {
    return send(line, new byte[0], headers);
  }

  Answer send(String line, byte[] body, String... headers) throws IOException {
    write(line, body, headers);
    return answer(line.startsWith("HEAD "));
  }

  /// Sends a request and does not wait for the answer.
  void write(String line, byte[] body, String... headers) throws IOException {
    var head = new StringBuilder(line + " HTTP/1.1\r\nHost: hub\r\nX-API-Key: app\r\n");
    List.of(headers).forEach(header -> head.append(header).append("\r\n"));
    if (body.length > 0) {
      head.append("Content-Type: application/json\r\n");
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    var out = socket.getOutputStream();
    out.write(head.append("\r\n").toString().getBytes(ISO_8859_1));
    out.write(body);
    out.flush();
  }

  /// The next answer; informational ones are left out.
  ///
  /// @param bodiless whether it has no body whatever its head says
  Answer answer(boolean bodiless) throws IOException {
    var head = RawText.head(in).orElseThrow(() -> new IOException("The hub closed"));
    var status = Integer.parseInt(head.getFirst().split(" ")[1]);
    if (status / 100 == 1) {
      return answer(bodiless);
    }
    var none = bodiless || status == 204 || status == 304;
    return new Answer(status, head, none ? "" : new String(RawText.body(head, in), UTF_8));
  }

  /// Whether the hub has closed the connection.
  boolean isClosed() throws IOException {
    return in.read() < 0;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  record Answer(int status, List<String> head, String body) {

    Optional<String> header(String name) {
      return RawText.header(head, name);
    }
  }
}
