package io.approvalhub.agent;

import io.approvalhub.database.Database;
import jakarta.inject.Singleton;

/// The calls that agents must get once, and that were made or may have been.
@Singleton
public final class SingleCalls {

  private final Database database;

  SingleCalls(Database database) {
    this.database = database;
  }

  /// Enters a call, durably: true for exactly one caller on all nodes, who then makes it.
  public boolean enter(String agent, String name) {
    return database.change(
            handle ->
                handle.execute(
                    "INSERT INTO sent (agent, name) VALUES (?, ?) ON CONFLICT (agent, name) DO"
                        + " NOTHING",
                    agent,
                    name))
        == 1;
  }

  /// Strikes out a call that provably came to nothing, durably, so that it may be made again.
  ///
  /// @return whether it was entered; true for one caller only
  public boolean strike(String agent, String name) {
    return database.change(
            handle -> handle.execute("DELETE FROM sent WHERE agent = ? AND name = ?", agent, name))
        == 1;
  }
}
