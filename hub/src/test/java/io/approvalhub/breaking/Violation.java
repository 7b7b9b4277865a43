package io.approvalhub.breaking;

/// A promise that was not kept.
record Violation(Promise promise, String job, String what) {

  /// What is promised.
  enum Promise {
    /// What was raised is known, once, and posted wherever it should be shown, or an alarm was
    /// raised.
    POSTED,
    /// Nothing is decided that nobody decided, and what somebody decides becomes decided.
    DECIDED,
    /// The decision that counts is the one that was recorded first, and everybody hears of that.
    FIRST,
    /// The agent got one decide call, with the decision that counts, or every copy says that it
    /// may have got it.
    TOLD,
    /// Every copy shows how it ended.
    SHOWN,
    /// What was decided was not posted again.
    NOT_POSTED_AGAIN
  }

  @Override
  public String toString() {
    return promise + " " + job + ": " + what;
  }
}
