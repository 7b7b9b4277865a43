package io.approvalhub.approval;

import io.approvalhub.configuration.Configuration;
import jakarta.inject.Singleton;
import org.jdbi.v3.core.Handle;

/// How many approvals of one agent may wait at once.
@Singleton
final class Crowd {

  private static final int DEFAULT = 20_000;
  private static final int LARGEST = 1_000_000;

  private final int most;

  Crowd(Configuration configuration) {
    most = configuration.hub().number("most-pending", DEFAULT, 1, LARGEST);
  }

  /// Called with what was just raised among those that wait.
  ///
  /// @throws CrowdedException when they are too many
  void check(Handle handle, String agent) {
    if (Store.waitMoreThan(handle, agent, most)) {
      throw new CrowdedException(agent, most);
    }
  }
}
