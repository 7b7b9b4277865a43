package io.approvalhub.approval;

import java.util.List;

/// Knows where an approval is to be shown. Implemented where channels are known.
public interface Routes {

  /// The names of the channels that show the approvals of an agent.
  List<String> channels(String agent);
}
