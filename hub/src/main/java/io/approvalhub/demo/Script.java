package io.approvalhub.demo;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Decides without anybody: denies the first with a reason, approves the second, denies the third.
final class Script implements Chooser {

  private final Screen screen;
  private final Iterator<Choice> choices =
      List.of(Choice.denyBecause("Use the test account"), Choice.APPROVE, Choice.DENY).iterator();

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
