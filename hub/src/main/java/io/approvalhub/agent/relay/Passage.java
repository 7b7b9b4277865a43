package io.approvalhub.agent.relay;

import io.micronaut.http.HttpStatus;

/// What is done with a client's request.
public sealed interface Passage {

  /// It goes to the agent as it came, and the answer comes back as it is.
  record Untouched() implements Passage {}

  /// It goes to the agent with this body, and the answer comes back as it is.
  record Rewritten(JsonBody body) implements Passage {}

  /// It goes to the agent with this body, and the events of the answer are watched.
  record Watched(JsonBody body, ApprovalFinder finder) implements Passage {}

  /// It goes to the agent as it came, and the events of the answer are watched.
  record Overheard(ApprovalFinder finder) implements Passage {}

  /// The hub answers in the agent's place.
  @SuppressWarnings("ArrayRecordComponent")
  record Answered(String contentType, byte[] body) implements Passage {}

  /// It does not go to the agent; `why` tells the client.
  record Refused(HttpStatus status, String why) implements Passage {

    /// For what would decide an approval, or let a tool run without one.
    public static Refused decision() {
      return new Refused(HttpStatus.FORBIDDEN, "The hub decides; clients of the agent may not");
    }

    static Refused notOpen(RelayRequest request, String agent) {
      return new Refused(
          HttpStatus.FORBIDDEN,
          "%s %s is none of the calls that the hub relays; agents.%s.pass: all opens the rest of the agent's API"
              .formatted(request.method(), request.path().text(), agent));
    }

    static Refused ambiguous() {
      return new Refused(HttpStatus.BAD_REQUEST, "the path can be read in two ways");
    }
  }
}
