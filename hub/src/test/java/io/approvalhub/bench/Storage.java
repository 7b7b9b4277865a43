package io.approvalhub.bench;

/// A database for hubs, and the least that a commit in it costs.
interface Storage extends AutoCloseable {

  /// What it is called in the table.
  String name();

  /// How it is set, as far as that concerns durability.
  String settings();

  /// What a hub's configuration says under `hub`, indented; a database of that name, made anew.
  String configuration(String database);

  /// Whether several hubs can work on one of its databases.
  boolean shared();

  /// Commits one row durably.
  void commit();

  @Override
  void close();
}
