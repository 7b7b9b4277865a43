package io.approvalhub.agent.relay;

/// How long an approval that was found in a stream can wait.
public enum ApprovalLifetime {
  /// When the stream ends or its client goes, the approval is cancelled.
  ENDS_WITH_STREAM,
  /// The agent goes on in the answer to the decide call, so the client's answer stays open until
  /// the approval is decided. When the client goes, the approval is cancelled.
  KEEPS_STREAM_OPEN,
  /// The agent waits for the decision whether or not anybody reads the stream.
  INDEPENDENT
}
