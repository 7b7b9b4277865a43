package io.approvalhub.agent.relay;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What clients were no longer there for, by conversation, for an hour: the first megabyte of each
/// of the last hundred conversations.
final class Kept {

  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_CONVERSATIONS = 100;
  private static final Duration TIME = Duration.ofHours(1);

  private final InstantSource clock;
  private final Map<String, Rest> rests = new LinkedHashMap<>();

  Kept(InstantSource clock) {
    this.clock = clock;
  }

  synchronized void add(String conversation, byte[] bytes) {
    var now = clock.instant();
    rests.values().removeIf(rest -> rest.since.plus(TIME).isBefore(now));
    var rest = rests.computeIfAbsent(conversation, _ -> new Rest(now));
    rest.add(bytes);
    if (rests.size() > MOST_CONVERSATIONS) {
      rests.remove(rests.keySet().iterator().next());
    }
  }

  /// What is kept of a conversation, which is then kept no longer.
  synchronized Optional<byte[]> take(String conversation) {
    return Optional.ofNullable(rests.remove(conversation)).map(rest -> rest.bytes.toByteArray());
  }

  private static final class Rest {

    private final Instant since;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Rest(Instant since) {
      this.since = since;
    }

    private void add(byte[] more) {
      if (bytes.size() + more.length <= MOST_BYTES) {
        bytes.writeBytes(more);
      }
    }
  }
}
