package io.approvalhub.node;

import jakarta.inject.Singleton;
import java.util.UUID;

/// This process among those that share a database.
@Singleton
public final class Node {

  private final String name = UUID.randomUUID().toString();

  Node() {}

  /// How it signs what it holds there; another one after a restart.
  public String name() {
    return name;
  }
}
