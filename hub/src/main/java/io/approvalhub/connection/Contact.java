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
  private volatile State state;

  Contact(String name, InstantSource clock) {
    this.name = name;
    this.clock = clock;
    state = new State(Condition.UNTRIED, clock.instant(), Optional.empty(), Optional.empty());
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
            Condition.WORKING,
            since(Condition.WORKING),
            Optional.of(clock.instant()),
            before.lastTrouble());
    if (before.condition() == Condition.TROUBLED || before.condition() == Condition.STOPPED) {
      LOG.info("works again target={} since={}", name, state.since());
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
    var trouble = new Trouble(what, clock.instant());
    state = new State(condition, since(condition), before.lastGood(), Optional.of(trouble));
    var same = before.lastTrouble().filter(last -> last.what().equals(what)).isPresent();
    if (before.condition() == condition && same) {
      return;
    }
    if (condition == Condition.STOPPED) {
      LOG.error("stopped target={} because={} next={}", name, what, next);
    } else {
      LOG.warn("trouble target={} because={} next={}", name, what, next);
    }
  }

  private Instant since(Condition condition) {
    return state.condition() == condition ? state.since() : clock.instant();
  }

  /// What it is like.
  public enum Condition {
    UNTRIED,
    WORKING,
    TROUBLED,
    STOPPED
  }

  /// How things stand.
  ///
  /// @param since when it came to be like this
  /// @param lastGood when it was last heard of
  /// @param lastTrouble what was wrong last, though it may work again
  public record State(
      Condition condition,
      Instant since,
      Optional<Instant> lastGood,
      Optional<Trouble> lastTrouble) {}

  /// What was wrong, and when it was seen last.
  public record Trouble(String what, Instant at) {}
}
