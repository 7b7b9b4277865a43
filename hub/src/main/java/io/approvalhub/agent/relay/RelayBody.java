package io.approvalhub.agent.relay;

import io.approvalhub.agent.relay.JsonBody.MalformedException;
import io.approvalhub.agent.relay.RelayMemory.FullException;
import io.approvalhub.http.ProblemException;
import io.micronaut.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.OptionalLong;

/// The body of a client's call: passed on as it comes, or held to be looked at.
///
/// Closing it lets the server read what nobody has asked for, so that the connection can carry the
/// next call.
public final class RelayBody implements AutoCloseable {

  private final InputStream source;
  private final OptionalLong length;
  private final boolean isThere;
  private final RelayMemory memory;
  private final Blocks held;

  /// @param length as the client announces it, if it does
  /// @param isThere whether there is one at all
  RelayBody(InputStream source, OptionalLong length, boolean isThere, RelayMemory memory) {
    this.source = source;
    this.length = length;
    this.isThere = isThere;
    this.memory = memory;
    held = new Blocks(memory.share());
  }

  /// What goes to the agent when it is passed on as it comes.
  BodyPublisher publisher() {
    if (!isThere || length.equals(OptionalLong.of(0))) {
      return BodyPublishers.noBody();
    }
    return publisher(source, length);
  }

  static BodyPublisher publisher(JsonBody body) {
    return publisher(new Sent(body), OptionalLong.of(body.length()));
  }

  JsonBody json() throws IOException {
    try {
      if (length.isPresent() && length.getAsLong() > 0) {
        held.await(length.getAsLong());
      }
      held.addAll(source);
      return JsonBody.of(held);
    } catch (FullException _) {
      throw new ProblemException(HttpStatus.REQUEST_ENTITY_TOO_LARGE, tooLarge());
    } catch (MalformedException e) {
      throw new ProblemException(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  private String tooLarge() {
    return "The hub holds %d MB of what passes at most (hub.relay-megabytes), and has no room for this body"
        .formatted(memory.megabytes());
  }

  /// Gives back the room of what is held, and lets go of what has not come yet.
  @Override
  public void close() {
    held.giveBack();
    Copy.close(source);
  }

  private static BodyPublisher publisher(InputStream stream, OptionalLong length) {
    var publisher = BodyPublishers.ofInputStream(() -> stream);
    return length.isPresent()
        ? BodyPublishers.fromPublisher(publisher, length.getAsLong())
        : publisher;
  }

  /// A held body on its way: its room is given back when it has gone.
  private static final class Sent extends InputStream {

    private final JsonBody body;
    private final InputStream bytes;

    private Sent(JsonBody body) {
      this.body = body;
      bytes = body.stream();
    }

    @Override
    public int read() throws IOException {
      return bytes.read();
    }

    @Override
    public int read(byte[] into, int at, int count) throws IOException {
      return bytes.read(into, at, count);
    }

    @Override
    public void close() {
      body.forget();
    }
  }
}
