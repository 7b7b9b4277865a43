package io.approvalhub.flow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A port in front of a server of 127.0.0.1. Until it is opened, whoever connects is turned away.
final class Gate implements AutoCloseable {

  private final int target;
  private final ServerSocket port;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean open;

  Gate(int target) {
    this.target = target;
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

  void open() {
    open = true;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    close(port);
  }

  private void admit() {
    try {
      while (true) {
        var visitor = port.accept();
        if (open) {
          threads.execute(() -> lead(visitor));
        } else {
          visitor.close();
        }
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void lead(Socket visitor) {
    try (visitor;
        var server = new Socket(port.getInetAddress(), target)) {
      var back = threads.submit(() -> pour(server, visitor));
      pour(visitor, server);
      back.get();
    } catch (Exception _) {
      // one of them is gone, and now the other is too
    }
  }

  private static void pour(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException _) {
      close(from);
      close(to);
    }
  }

  private static void close(AutoCloseable what) {
    try {
      what.close();
    } catch (Exception _) {
      // it is of no use any more
    }
  }
}
