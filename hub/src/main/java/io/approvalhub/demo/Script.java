package io.approvalhub.demo;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Decides without anybody: approves the first, denies the second with a reason, and the third.
final class Script implements Chooser {

  private final Screen screen;
  private final Iterator<Choice> choices =
      List.of(Choice.APPROVE, Choice.denyBecause("Use the test account"), Choice.DENY).iterator();

  Script(Screen screen) {
    this.screen = screen;
  }

  @Override
  public Optional<Choice> choose() {
    var choice = choices.next();
    screen.line("Decided by the script: " + choice.words());
    return Optional.of(choice);
  }
}
