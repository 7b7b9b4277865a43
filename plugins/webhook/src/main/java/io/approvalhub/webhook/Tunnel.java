package io.approvalhub.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;

/// A proxy on the loopback that leads to one host, at an address that was looked up and judged in
/// one go.
///
/// The JDK's HTTP client looks names up by itself, after any check of ours, and takes no address: a
/// name that answers differently the second time would get around the check. Choosing the proxy is
/// what it does allow, so the address is pinned there. TLS goes through from end to end.
final class Tunnel implements AutoCloseable {

  private static final int CONNECT_MILLIS = 5_000;
  private static final int LONGEST_HEAD = 64 << 10;

  private final Lookup lookup;
  private final String host;
  private final int port;
  private final ServerSocket server;

  Tunnel(Lookup lookup, URI url) {
    this.lookup = lookup;
    this.host = url.getHost();
    this.port = url.getPort() >= 0 ? url.getPort() : url.getScheme().equals("https") ? 443 : 80;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("tunnel-" + host).start(this::accept);
  }

  ProxySelector proxy() {
    return ProxySelector.of(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()));
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
        Thread.startVirtualThread(() -> lead(client));
      } catch (IOException _) {
        // The socket was closed, or this one connection came to nothing.
      }
    }
  }

  private void lead(Socket client) {
    try (client;
        var target = connected()) {
      var head = head(client.getInputStream());
      if (new String(head, US_ASCII).startsWith("CONNECT ")) {
        client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
      } else {
        target.getOutputStream().write(head);
      }
      Thread.startVirtualThread(() -> pour(client, target));
      pour(target, client);
    } catch (IOException _) {
      // Closing both ends tells the client, whose call fails.
    }
  }

  private Socket connected() throws IOException {
    var socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(address(), port), CONNECT_MILLIS);
      socket.setTcpNoDelay(true);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private InetAddress address() throws IOException {
    return lookup.addresses(host).getFirst();
  }

  private static void pour(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // One end went away; closing takes the other with it.
    }
  }

  private static byte[] head(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    for (var ends = 0; ends < 4; ) {
      var next = in.read();
      if (next < 0 || head.size() == LONGEST_HEAD) {
        throw new EOFException();
      }
      head.write(next);
      ends = next == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : next == '\r' ? 1 : 0;
    }
    return head.toByteArray();
  }

  /// Finds the addresses of a host that may be connected to.
  @FunctionalInterface
  interface Lookup {
    /// At least one; all of them judged.
    List<InetAddress> addresses(String host) throws IOException;
  }
}
