package io.approvalhub.demo;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Decides without anybody: denies the first, denies the second with a reason, approves the third.
final class Script implements Chooser {

  private final Screen screen;
  private final Iterator<Choice> choices =
      List.of(Choice.DENY, Choice.denyBecause("Use the test account"), Choice.APPROVE).iterator();

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
