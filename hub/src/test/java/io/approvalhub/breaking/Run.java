package io.approvalhub.breaking;

import static org.awaitility.Awaitility.await;

import io.approvalhub.breaking.Schedule.Strike;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.awaitility.core.ConditionTimeoutException;

/// One run: hubs start, agents ask, people decide, faults strike; then everything is mended, and
/// when all has come to rest the checker has its say.
final class Run {

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /// Longer than any pause between two tries.
  private static final Duration STANDSTILL = Duration.ofSeconds(20);

  private final Schedule schedule;
  private final World world;
  private volatile List<Evidence> evidence = List.of();
  private volatile long changed;

  private Run(Schedule schedule, World world) {
    this.schedule = schedule;
    this.world = world;
  }

  /// Runs a schedule in a folder of its own, which stays where a promise was not kept.
  static Result of(
      Schedule schedule,
      Installation installation,
      Path folder,
      int nodes,
      Optional<Postgres> postgres) {
    var begin = System.nanoTime();
    try (var world = new World(installation, folder, nodes, schedule.polled(), postgres)) {
      var run = new Run(schedule, world);
      var violations = run.violations();
      var result =
          new Result(
              schedule,
              violations,
              run.evidence.stream().mapToLong(Checker::lost).sum(),
              Duration.ofNanos(System.nanoTime() - begin),
              folder);
      if (!violations.isEmpty()) {
        write(folder.resolve("story.txt"), Story.of(result, world));
      }
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private List<Violation> violations() throws IOException, InterruptedException {
    world.start();
    play();
    world.mend();
    var first = settle();
    if (!first.isEmpty()) {
      return first;
    }
    // Clicks that come once more change nothing, nor do those on messages that were lost sight of.
    world.door(World.FRONT).replay("/channels/");
    schedule.jobs().forEach(world::pressStale);
    return settle();
  }

  private void play() throws InterruptedException {
    var end = new CountDownLatch(1);
    schedule.jobs().forEach(job -> world.later(job.at(), () -> world.ask(job)));
    schedule.clicks().forEach(click -> world.later(click.at(), () -> world.decide(click)));
    schedule.strikes().forEach(strike -> world.later(strike.at(), () -> strike(strike)));
    world.later(schedule.length(), end::countDown);
    end.await();
  }

  private void strike(Strike strike) {
    world.journal().write("FAULT " + strike.fault());
    strike.fault().strike(world);
  }

  /// Waits until nothing is wrong twice in a row, or nothing changes any more.
  ///
  /// @return what is still wrong at the end
  private List<Violation> settle() throws IOException {
    changed = System.nanoTime();
    try {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(250))
          .ignoreException(IOException.class)
          .until(this::isAtRest);
    } catch (ConditionTimeoutException _) {
      // it does not come to rest, and is judged as it is
      evidence = world.evidence(schedule, interrupted());
    }
    return check(evidence);
  }

  private boolean isAtRest() throws IOException {
    var before = evidence;
    evidence = world.evidence(schedule, interrupted());
    if (!results(evidence).equals(results(before))) {
      changed = System.nanoTime();
      return false;
    }
    return check(evidence).isEmpty() || System.nanoTime() - changed > STANDSTILL.toNanos();
  }

  /// The evidence but for people's clicks, which go on.
  private static List<Object> results(List<Evidence> evidence) {
    return evidence.stream()
        .<Object>map(job -> List.of(job.claims(), job.channels(), job.told()))
        .toList();
  }

  private boolean interrupted() {
    return schedule.strikes().stream().anyMatch(strike -> strike.fault().interrupts());
  }

  private static List<Violation> check(List<Evidence> evidence) {
    return evidence.stream().flatMap(job -> Checker.check(job).stream()).toList();
  }

  private static void write(Path file, List<String> lines) throws IOException {
    Files.write(file, lines);
  }

  /// How a run went.
  ///
  /// @param lost messages that the hub has lost sight of
  record Result(
      Schedule schedule, List<Violation> violations, long lost, Duration time, Path folder) {
    boolean good() {
      return violations.isEmpty();
    }

    /// The faults, in the order in which they struck.
    List<Fault> faults() {
      var strikes = new ArrayList<>(schedule.strikes());
      strikes.sort(Comparator.comparing(Strike::at));
      return strikes.stream().map(Strike::fault).toList();
    }
  }
}
