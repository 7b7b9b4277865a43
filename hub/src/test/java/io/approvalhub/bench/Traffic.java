package io.approvalhub.bench;

import io.approvalhub.plugin.Action;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// Approvals on one webhook, through one or more hubs on the same database: raised, clicked as soon
/// as they are posted, told to the agent.
final class Traffic implements AutoCloseable {

  private static final String AGENT = "agent";
  private static final int PATIENCE = 30;

  private final Caller caller;
  private final ToldAgent told = new ToldAgent();
  private final Hook hook = new Hook();
  private final List<LaunchedHub> hubs = new ArrayList<>();
  private final AtomicInteger numbers = new AtomicInteger();

  Traffic(Ground ground, int nodes) throws IOException {
    caller = ground.caller();
    var file = ground.file().agent(AGENT, told);
    hook.configure(file, AGENT);
    for (var node = 0; node < nodes; node++) {
      hubs.add(ground.start(file));
    }
  }

  Hook hook() {
    return hook;
  }

  ToldAgent told() {
    return told;
  }

  LaunchedHub hub() {
    return hubs.getFirst();
  }

  /// The processor time of all hubs so far, in milliseconds.
  double processorMillis() {
    return hubs.stream().mapToDouble(LaunchedHub::processorMillis).sum();
  }

  /// Raises an approval that nobody clicks yet.
  ///
  /// @return its tool
  String raise() {
    var number = numbers.incrementAndGet();
    var tool = "tool" + number + "x";
    var unused = caller.raise(hub(number), AGENT, tool, told);
    return tool;
  }

  /// Takes one approval through its whole life.
  Life live() throws Exception {
    var number = numbers.incrementAndGet();
    var tool = "tool" + number + "x";
    var start = System.nanoTime();
    var unused = caller.raise(hub(number), AGENT, tool, told);
    var answered = System.nanoTime() - start;
    var posted = hook.copy(tool).posted.get(PATIENCE, TimeUnit.SECONDS);
    var click = System.nanoTime();
    var status = caller.status(hook.click(hub(number + 1).address(), posted, Action.APPROVE));
    if (status / 100 != 2) {
      throw new IOException("a click was answered " + status);
    }
    var decided = told.of(tool).get(PATIENCE, TimeUnit.SECONDS) - click;
    return new Life(answered, posted.at() - start, decided);
  }

  /// One approval after the other, so many a second.
  List<Life> steadily(int count, int rate) throws Exception {
    var lives = new ArrayList<Life>();
    for (var number = 0; number < count; number++) {
      var start = System.nanoTime();
      lives.add(live());
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) / rate - (System.nanoTime() - start));
    }
    return lives;
  }

  /// As many as possible, several at once.
  Load load(int workers, long nanos) {
    var lives = new ConcurrentLinkedQueue<Life>();
    var failures = new LongAdder();
    var start = System.nanoTime();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      IntStream.range(0, workers)
          .forEach(_ -> threads.execute(() -> load(start + nanos, lives, failures)));
    }
    var seconds = (System.nanoTime() - start) / 1e9;
    return new Load(List.copyOf(lives), failures.sum(), lives.size() / seconds);
  }

  private void load(long end, Queue<Life> lives, LongAdder failures) {
    while (System.nanoTime() < end) {
      try {
        lives.add(live());
      } catch (Exception e) {
        failures.increment();
        e.printStackTrace();
      }
    }
  }

  private LaunchedHub hub(int number) {
    return hubs.get(number % hubs.size());
  }

  @Override
  public void close() {
    hubs.forEach(LaunchedHub::close);
    told.close();
    hook.close();
  }

  /// How long one approval took, in nanoseconds: the answer and the post since it was raised, the
  /// decide call since it was clicked.
  record Life(long answered, long posted, long told) {}

  /// What passed under load.
  ///
  /// @param rate approvals a second
  record Load(List<Life> lives, long failures, double rate) {}
}
