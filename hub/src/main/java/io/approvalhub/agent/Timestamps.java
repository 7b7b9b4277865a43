package io.approvalhub.agent;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/// Points in time as agents write them: in UTC where they do not say.
public final class Timestamps {

  private Timestamps() {}

  /// Reads one in ISO 8601; empty when it is none.
  public static Optional<Instant> parse(String text) {
    try {
      return Optional.of(
          text.matches(".*(Z|[+-]\\d\\d:?\\d\\d)$")
              ? OffsetDateTime.parse(text).toInstant()
              : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
