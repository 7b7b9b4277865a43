package io.approvalhub.bench;

/// One thing that is measured.
interface Measurement {

  /// What `bench.only` calls it.
  String name();

  /// Whether it is about the database, and so to be made on each.
  default boolean concernsDatabase() {
    return true;
  }

  /// Measures and adds rows.
  void run(Ground ground, Table table) throws Exception;
}
