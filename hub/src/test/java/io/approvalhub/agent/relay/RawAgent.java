package io.approvalhub.agent.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// An agent that answers byte for byte what a test says, and keeps its connections open.
final class RawAgent implements AutoCloseable {

  private final ServerSocket server;
  private final Script script;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  RawAgent(Script script) {
    this.script = script;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /// The calls so far, in the order in which their heads came.
  List<Call> calls() {
    return List.copyOf(calls);
  }

  private void accept() {
    try {
      while (true) {
        var connection = server.accept();
        connections.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      var in = new BufferedInputStream(connection.getInputStream());
      for (var head = RawText.head(in); head.isPresent(); head = RawText.head(in)) {
        var call = new Call(head.get());
        calls.add(call);
        script.answer(call, in, connection.getOutputStream());
      }
    } catch (IOException _) {
      // the other side has gone
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (var connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What the agent does with a call.
  @FunctionalInterface
  interface Script {

    /// @param body what comes after the head, to be read or not
    void answer(Call call, InputStream body, OutputStream out) throws IOException;

    /// Reads the body of each call, then answers so.
    static Script answers(String answer) {
      return (call, body, out) -> {
        RawText.body(call.head(), body);
        out.write(answer.getBytes(ISO_8859_1));
        out.flush();
      };
    }
  }

  /// The head of a call.
  record Call(List<String> head) {

    String line() {
      return head.getFirst();
    }

    Optional<String> header(String name) {
      return RawText.header(head, name);
    }
  }
}
