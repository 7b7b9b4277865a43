package io.approvalhub.breaking;

/// What can happen to a call on its way.
enum Mischief {
  /// Nothing does.
  NONE,
  /// Whoever connects is turned away.
  REFUSED,
  /// The call does not arrive; the answer is 429 with a `Retry-After` of one second.
  TOO_MANY,
  /// The call does not arrive; the answer is 500.
  BROKEN,
  /// The call takes effect; its answer says nothing that anybody understands.
  NONSENSE,
  /// The call takes effect; its answer comes byte by byte.
  SLOW,
  /// The call takes effect; half an answer comes, and the connection is half closed.
  HALF_CLOSED,
  /// The call takes effect; its answer is lost.
  LOST,
  /// The call does not arrive, and no answer comes for as long as this goes on.
  SILENT,
  /// The call arrives twice, at the same time.
  TWICE,
  /// The call arrives late, after others that came later.
  LATE;

  /// Whether who is turned away may think that the call took effect.
  boolean turnsAway() {
    return this == REFUSED || this == BROKEN || this == SILENT;
  }

  /// Whether a call that took effect may look as if it had not.
  boolean hidesAnswers() {
    return switch (this) {
      case NONSENSE, SLOW, HALF_CLOSED, LOST -> true;
      case NONE, REFUSED, TOO_MANY, BROKEN, SILENT, TWICE, LATE -> false;
    };
  }
}
