package io.approvalhub.breaking;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Breaks hubs in run after run and says which promises were not kept. Exits 1 where there is one.
final class Breaking {

  private final Options options;
  private final Path folder;
  private final PrintStream out;

  Breaking(Options options, Path folder, PrintStream out) {
    this.options = options;
    this.folder = folder;
    this.out = out;
  }

  static void main(String[] arguments) throws IOException {
    var folder = Files.createTempDirectory("breaking");
    try {
      var results = new Breaking(Options.of(arguments), folder, System.out).run();
      System.exit(results.stream().allMatch(Run.Result::good) ? 0 : 1);
    } catch (Exception e) {
      e.printStackTrace();
      System.exit(2);
    }
  }

  /// Runs everything.
  List<Run.Result> run() throws InterruptedException {
    var uvicorn = options.python().map(python -> new Uvicorn(python, folder.resolve("uvicorn")));
    out.println(
        uvicorn.isPresent()
            ? "the called agents stand behind a real uvicorn"
            : "no uvicorn: none was named by breaking.python");
    try {
      var installation =
          Installation.in(
              folder.resolve("installation"),
              options.runs() * options.nodes(),
              uvicorn.map(Uvicorn::port));
      var results = run(installation);
      Table.of(results).forEach(out::println);
      return results;
    } finally {
      uvicorn.ifPresent(Uvicorn::close);
    }
  }

  private List<Run.Result> run(Installation installation) throws InterruptedException {
    try (var workers = Executors.newFixedThreadPool(options.parallel())) {
      var futures = new ArrayList<Future<Run.Result>>();
      for (var number = 0; number < options.runs(); number++) {
        var seed = options.seed() + number;
        futures.add(workers.submit(() -> run(seed, installation)));
      }
      var results = new ArrayList<Run.Result>();
      for (var future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a run could not be made", e);
    }
  }

  private Run.Result run(long seed, Installation installation) throws IOException {
    var schedule = Schedule.draw(seed, options.nodes(), options.postgresql());
    var result = run(schedule, installation, folder.resolve("run-" + seed));
    say(result);
    if (result.good()) {
      delete(result.folder());
    }
    return result;
  }

  /// With a database server of its own, which may be killed.
  private Run.Result run(Schedule schedule, Installation installation, Path in) {
    if (!options.postgresql()) {
      return Run.of(schedule, installation, in, options.nodes(), Optional.empty());
    }
    try (var postgres = new Postgres(in.resolve("postgresql"))) {
      return Run.of(schedule, installation, in, options.nodes(), Optional.of(postgres));
    }
  }

  private void say(Run.Result result) {
    out.printf(
        "seed=%d %s %.1f s %s%n",
        result.schedule().seed(),
        result.good() ? "kept" : "BROKEN",
        result.time().toMillis() / 1000.0,
        result.faults());
    if (!result.good()) {
      result.violations().forEach(violation -> out.println("  " + violation));
      out.println("  story: " + result.folder().resolve("story.txt"));
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
