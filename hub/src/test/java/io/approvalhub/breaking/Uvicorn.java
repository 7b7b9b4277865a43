package io.approvalhub.breaking;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.awaitility.Awaitility;

/// A real uvicorn with httptools in front of the agents that are called, as agents made with
// FastAPI
/// have it.
final class Uvicorn implements AutoCloseable {

  private static final String PROGRAM = "/breaking/uvicorn_front.py";

  private final int port;
  private final Process process;

  /// @param python an interpreter that has uvicorn and httptools
  Uvicorn(Path python, Path folder) {
    try (var free = new ServerSocket(0);
        var program = Objects.requireNonNull(getClass().getResourceAsStream(PROGRAM))) {
      port = free.getLocalPort();
      free.close();
      var file = Files.createDirectories(folder).resolve("uvicorn_front.py");
      Files.write(file, program.readAllBytes());
      process =
          new ProcessBuilder(python.toString(), file.toString(), String.valueOf(port))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("uvicorn.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(process::destroyForcibly));
    Awaitility.await().until(this::answers);
  }

  int port() {
    return port;
  }

  /// Where an agent is reached through uvicorn, by way of a door to it.
  static URI behind(URI door, URI agent) {
    return URI.create(door + "/" + agent.getPort());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private boolean answers() {
    if (!process.isAlive()) {
      throw new IllegalStateException("uvicorn did not start; see uvicorn.log");
    }
    try (var socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException _) {
      return false;
    }
  }
}
