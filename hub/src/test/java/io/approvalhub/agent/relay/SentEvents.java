package io.approvalhub.agent.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// An answer of server-sent events that a fake is writing, and what it has written of it.
public final class SentEvents {

  private final OutputStream client;
  private final int piece;
  private final String lineEnd;
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

  /// @param piece how many bytes are written at once
  public SentEvents(HttpExchange exchange, int piece, String lineEnd) throws IOException {
    this.piece = piece;
    this.lineEnd = lineEnd;
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    client = exchange.getResponseBody();
  }

  /// Sends frames, whose lines end with line feeds.
  public synchronized void send(String frames) throws IOException {
    var bytes = frames.replace("\n", lineEnd).getBytes(UTF_8);
    sent.writeBytes(bytes);
    for (var at = 0; at < bytes.length; at += piece) {
      client.write(bytes, at, Math.min(piece, bytes.length - at));
      client.flush();
    }
  }

  public void event(String name, String data) throws IOException {
    send("event: " + name + "\ndata: " + data + "\n\n");
  }

  public void data(String data) throws IOException {
    send("data: " + data + "\n\n");
  }

  /// What was sent so far.
  public synchronized String sent() {
    return sent.toString(UTF_8);
  }

  /// What was sent so far but for the frames in which a text occurs.
  public String sentWithout(String text) {
    Predicate<String> shown = frame -> !frame.contains(text);
    var end = lineEnd + lineEnd;
    return Pattern.compile("(?<=" + end + ")")
        .splitAsStream(sent())
        .filter(shown)
        .collect(Collectors.joining());
  }
}
