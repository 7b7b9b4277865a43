package io.approvalhub.breaking;

import io.approvalhub.breaking.Job.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// What will happen in a run. The same seed makes the same schedule.
///
/// @param polled whether Telegram is polled, as against calling back
record Schedule(
    long seed, boolean polled, List<Job> jobs, List<Click> clicks, List<Strike> strikes) {

  private static final Duration SHORTEST = Duration.ofMillis(1_600);

  private static final List<String> PEOPLE = List.of("alice", "bob");

  /// A fault and when it happens.
  record Strike(Fault fault, Duration at) {}

  static Schedule draw(long seed, int nodes, boolean postgresql) {
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    var faults = new Faults(random, nodes, postgresql);
    var strikes = new ArrayList<Strike>();
    for (var left = random.nextInt(2, 6); left > 0; left--) {
      strikes.add(new Strike(faults.next(), within(random, 0, SHORTEST.toMillis())));
    }
    var jobs = jobs(random, length(strikes).toMillis() * 2 / 3);
    var clicks = jobs.stream().flatMap(job -> clicks(job, random).stream()).toList();
    return new Schedule(seed, random.nextBoolean(), jobs, clicks, List.copyOf(strikes));
  }

  /// How long a run goes on, until everything is mended.
  Duration length() {
    return length(strikes);
  }

  private static Duration length(List<Strike> strikes) {
    return strikes.stream()
        .map(strike -> strike.at().plus(strike.fault().time()))
        .filter(end -> end.compareTo(SHORTEST) > 0)
        .max(Comparator.naturalOrder())
        .orElse(SHORTEST);
  }

  private static List<Job> jobs(RandomGenerator random, long millis) {
    var jobs = new ArrayList<Job>();
    var count = random.nextInt(10, 18);
    for (var number = 0; number < count; number++) {
      jobs.add(job(number, random, millis));
    }
    return List.copyOf(jobs);
  }

  private static Job job(int number, RandomGenerator random, long millis) {
    var source = Source.values()[random.nextInt(Source.values().length)];
    var at = within(random, 0, millis);
    var expires = source != Source.CODER && random.nextInt(source == Source.RELAYED ? 3 : 6) == 0;
    var expiresIn = expires ? Optional.of(random.nextInt(1, 3)) : Optional.<Integer>empty();
    return new Job(Jobs.name(number), source, at, expiresIn, random.nextInt(5) > 0);
  }

  private static List<Click> clicks(Job job, RandomGenerator random) {
    if (!job.awaited()) {
      return List.of();
    }
    var at = job.at().plus(within(random, 0, 800));
    var first = click(job, at, random);
    return random.nextInt(3) > 0
        ? List.of(first)
        : List.of(first, click(job, at.plus(within(random, 0, 60)), random));
  }

  private static Click click(Job job, Duration at, RandomGenerator random) {
    var channels =
        job.source() == Source.CODER || job.source() == Source.RELAYED
            ? List.of("hook", "desk", job.source().chat())
            : List.of("hook", "desk", job.source().chat(), "api");
    return new Click(
        job,
        channels.get(random.nextInt(channels.size())),
        PEOPLE.get(random.nextInt(PEOPLE.size())),
        random.nextBoolean(),
        at);
  }

  static Duration within(RandomGenerator random, long from, long to) {
    return Duration.ofMillis(random.nextLong(from, to));
  }
}
