package io.approvalhub.flow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A proxy that remembers which hosts it was asked for and reaches none of them.
final class FakeProxy implements AutoCloseable {

  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final ServerSocket server;

  FakeProxy() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::accept);
  }

  String address() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /// The hosts with their ports; one that is called in the clear without the scheme's own port.
  Set<String> asked() {
    return asked;
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var client = server.accept();
        Thread.startVirtualThread(() -> refuse(client));
      } catch (IOException _) {
        // closed
      }
    }
  }

  private void refuse(Socket client) {
    try (client;
        var in = new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1))) {
      var words = in.readLine().split(" ", -1);
      asked.add(words[0].equals("CONNECT") ? words[1] : URI.create(words[1]).getAuthority());
      for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        // headers
      }
      client
          .getOutputStream()
          .write("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1));
    } catch (IOException _) {
      // the caller went away
    }
  }
}
