package io.approvalhub.connection;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How things stand with one channel or agent: when it was last heard of, and what is wrong since
/// when. Says so in the log when that changes, and only then.
public final class Contact {

  private static final Logger LOG = LoggerFactory.getLogger(Contact.class);

  private final String name;
  private final InstantSource clock;
  private volatile State state =
      new State(Condition.UNTRIED, Optional.empty(), Optional.empty(), Optional.empty());

  Contact(String name, InstantSource clock) {
    this.name = name;
    this.clock = clock;
  }

  /// The channel or agent, such as `channel:ops`.
  public String name() {
    return name;
  }

  public State state() {
    return state;
  }

  /// It answered.
  public synchronized void good() {
    var before = state;
    state =
        new State(
            Condition.WORKING, Optional.of(clock.instant()), Optional.empty(), Optional.empty());
    if (before.trouble().isPresent()) {
      LOG.info("works again {} after={}", name, before.trouble().get());
    }
  }

  /// It did not work, and will be tried again.
  public void trouble(String what, String next) {
    enter(Condition.TROUBLED, what, next);
  }

  /// It will not work until an operator acts.
  public void stopped(String what, String next) {
    enter(Condition.STOPPED, what, next);
  }

  private synchronized void enter(Condition condition, String what, String next) {
    var before = state;
    var since = before.condition() == condition ? before.since() : Optional.of(clock.instant());
    state = new State(condition, before.lastGood(), Optional.of(what), since);
    if (before.condition() != condition || !before.trouble().equals(state.trouble())) {
      if (condition == Condition.STOPPED) {
        LOG.error("stopped {} because={} next={}", name, what, next);
      } else {
        LOG.warn("trouble {} because={} next={}", name, what, next);
      }
    }
  }

  /// What it is like.
  public enum Condition {
    UNTRIED,
    WORKING,
    TROUBLED,
    STOPPED
  }

  /// @param lastGood when it was last heard of
  /// @param trouble what is wrong
  /// @param since when that began
  public record State(
      Condition condition,
      Optional<Instant> lastGood,
      Optional<String> trouble,
      Optional<Instant> since) {}
}
