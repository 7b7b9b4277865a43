package io.approvalhub.demo;

import java.io.IOException;
import java.util.Optional;

/// Decides the approval that the screen has just shown.
interface Chooser {

  /// Empty when there is to be no more deciding.
  Optional<Choice> choose() throws IOException;
}
