package io.approvalhub.kit;

import java.io.IOException;

/// A text that is no JSON, or not strictly.
final class MalformedJsonException extends IOException {

  private static final long serialVersionUID = 1;

  private final String path;
  private final String problem;

  MalformedJsonException(String path, String problem) {
    super("JSON " + problem);
    this.path = path;
    this.problem = problem;
  }

  /// Where the reader stood, as in `.env[3]`.
  String path() {
    return path;
  }

  String problem() {
    return problem;
  }
}
