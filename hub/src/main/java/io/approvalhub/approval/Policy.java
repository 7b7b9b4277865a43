package io.approvalhub.approval;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/// Answers under which terms an approval waits: where it is shown, who may decide it, until when.
///
/// Asked once for each approval, in the transaction that raises it, and again for what waits when a
/// hub is started with another configuration. The same call must get the same terms while nothing
/// is configured anew.
public interface Policy {

  /// The terms of a tool call.
  ///
  /// @param handle of the transaction, for whoever must look something up; it may run twice
  /// @param raisedAt when the agent asked
  Terms terms(Handle handle, ToolCall call, Instant raisedAt);
}
