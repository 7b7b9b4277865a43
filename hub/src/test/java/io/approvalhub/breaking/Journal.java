package io.approvalhub.breaking;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// What happened in a run, line by line, with the time since its beginning.
final class Journal {

  private final long begin = System.nanoTime();
  private final List<String> lines = new CopyOnWriteArrayList<>();

  void write(String line) {
    var time = Duration.ofNanos(System.nanoTime() - begin).toMillis();
    lines.add("%6.3f %s".formatted(time / 1000.0, line));
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  /// The lines that mention `what`.
  List<String> about(String what) {
    return lines.stream().filter(line -> line.contains(what)).toList();
  }
}
