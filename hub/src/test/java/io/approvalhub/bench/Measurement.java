package io.approvalhub.bench;

/// One thing that is measured.
interface Measurement {

  /// What `bench.only` calls it.
  String name();

  /// Measures and adds rows.
  void run(Ground ground, Table table) throws Exception;
}
