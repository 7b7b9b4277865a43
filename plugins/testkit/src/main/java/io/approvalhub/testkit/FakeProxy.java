package io.approvalhub.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// An HTTP proxy on 127.0.0.1 that remembers where it was asked to lead. It leads to 127.0.0.1 and
/// answers 502 for everything else.
public final class FakeProxy implements AutoCloseable {

  private static final String HOME = "127.0.0.1";

  /// Which proxy stands before a host and port. Tests that run at the same time share the JDK's
  /// default.
  private static final Map<String, InetSocketAddress> WAYS = new ConcurrentHashMap<>();

  static {
    ProxySelector.setDefault(new Ways(ProxySelector.getDefault()));
  }

  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final ServerSocket server;

  /// A proxy that takes calls.
  public FakeProxy() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::accept);
  }

  /// Its address, as an environment names it.
  public String address() {
    return "http://" + HOME + ":" + server.getLocalPort();
  }

  /// Sends every call to this host and port through it until it is closed.
  public void standBefore(String authority) {
    WAYS.put(authority, new InetSocketAddress(HOME, server.getLocalPort()));
  }

  /// Where it was asked to lead: hosts with their ports.
  public Set<String> asked() {
    return asked;
  }

  @Override
  public void close() {
    WAYS.values().removeIf(way -> way.getPort() == server.getLocalPort());
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
        Thread.startVirtualThread(() -> serve(client));
      } catch (IOException _) {
        // It was closed.
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      var head = head(client);
      var words = head.split(" ", 3);
      var tunnel = words[0].equals("CONNECT");
      var target = tunnel ? words[1] : URI.create(words[1]).getRawAuthority();
      asked.add(target);
      if (target.startsWith(HOME + ":")) {
        lead(client, Integer.parseInt(target.substring(HOME.length() + 1)), tunnel ? "" : head);
      } else {
        client.getOutputStream().write(bytes("HTTP/1.1 502 Gone\r\nContent-Length: 0\r\n\r\n"));
      }
    } catch (IOException _) {
      // The caller went away.
    }
  }

  private static void lead(Socket client, int port, String head) throws IOException {
    try (var target = new Socket(HOME, port)) {
      target.setTcpNoDelay(true);
      if (head.isEmpty()) {
        client.getOutputStream().write(bytes("HTTP/1.1 200 OK\r\n\r\n"));
      } else {
        target.getOutputStream().write(bytes(head));
      }
      Thread.startVirtualThread(() -> pour(client, target));
      pour(target, client);
    }
  }

  private static void pour(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // One end went away; closing takes the other with it.
    }
  }

  private static String head(Socket client) throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      var next = client.getInputStream().read();
      if (next < 0) {
        throw new EOFException();
      }
      head.write(next);
    }
    return head.toString(ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static final class Ways extends ProxySelector {

    private final ProxySelector otherwise;

    Ways(ProxySelector otherwise) {
      this.otherwise = otherwise;
    }

    @Override
    public List<Proxy> select(URI uri) {
      return Optional.ofNullable(uri.getRawAuthority())
          .map(WAYS::get)
          .map(way -> List.of(new Proxy(Proxy.Type.HTTP, way)))
          .orElseGet(() -> otherwise.select(uri));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress proxy, IOException problem) {
      // who called is told
    }
  }
}
