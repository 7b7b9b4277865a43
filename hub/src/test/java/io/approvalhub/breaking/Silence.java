package io.approvalhub.breaking;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A server that takes every call and answers none.
final class Silence implements AutoCloseable {

  private final ServerSocket port;
  private final Set<Socket> callers = ConcurrentHashMap.newKeySet();

  Silence() {
    try {
      port = new ServerSocket(0, 100, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("silence").start(this::admit);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + port.getLocalPort());
  }

  @Override
  public void close() {
    try {
      port.close();
      for (var caller : callers) {
        caller.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void admit() {
    try {
      while (true) {
        callers.add(port.accept());
      }
    } catch (IOException _) {
      // closed
    }
  }
}
