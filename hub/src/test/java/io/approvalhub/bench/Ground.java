package io.approvalhub.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/// Where a measurement is made.
///
/// @param folder on a real disk
record Ground(Path folder, Storage storage, Options options, Caller caller) {

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  /// A configuration with a database of its own.
  HubFile file() {
    return new HubFile(storage.configuration("hub" + NUMBERS.incrementAndGet()));
  }

  /// Starts a hub with a folder of its own.
  LaunchedHub start(HubFile file) throws IOException {
    return LaunchedHub.start(folder.resolve("hub-" + NUMBERS.incrementAndGet()), file);
  }

  Floor floor() {
    return new Floor(storage, caller);
  }

  String where() {
    return storage.name();
  }
}
