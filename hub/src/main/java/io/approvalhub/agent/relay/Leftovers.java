package io.approvalhub.agent.relay;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What clients were no longer there for, by conversation, for an hour: the first megabyte of each
/// of the last conversations, as many as fit into sixteen.
final class Leftovers {

  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_BYTES_OF_ALL = 16 << 20;
  private static final Duration TIME = Duration.ofHours(1);

  private final InstantSource clock;
  private final Map<String, Rest> rests = new LinkedHashMap<>();

  Leftovers(InstantSource clock) {
    this.clock = clock;
  }

  synchronized void add(String conversation, byte[] bytes) {
    var now = clock.instant();
    rests.values().removeIf(rest -> rest.since.plus(TIME).isBefore(now));
    rests.computeIfAbsent(conversation, _ -> new Rest(now)).add(bytes);
    while (rests.values().stream().mapToLong(rest -> rest.bytes.size()).sum() > MOST_BYTES_OF_ALL) {
      rests.remove(rests.keySet().iterator().next());
    }
  }

  /// What is left of a conversation, which is then kept no longer.
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
