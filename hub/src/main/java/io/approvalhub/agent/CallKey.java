package io.approvalhub.agent;

import io.approvalhub.approval.Digest;

/// What makes a tool call the same when its agent raises it again, from what the agent says of it.
///
/// Agents choose their own ids, and some put a model's whole thought into one. An index of a
/// database takes no more than some 2,700 bytes.
public final class CallKey {

  private static final int LONGEST = 500;

  private CallKey() {}

  public static String of(String... parts) {
    var key = String.join(" ", parts);
    return key.length() <= LONGEST ? key : "sha256 " + Digest.of(parts);
  }
}
