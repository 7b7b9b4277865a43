package io.approvalhub.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// One approval at a time, through its whole life on four platforms: raised, posted, clicked on one
/// platform after the other, told to the agent, and changed everywhere.
final class Latencies implements Measurement {

  private static final int WARM_UP = 50;
  private static final Duration EVERY = Duration.ofMillis(150);
  private static final int PATIENCE = 20;

  private final List<Long> answered = new ArrayList<>();
  private final List<Long> posted = new ArrayList<>();
  private final List<Long> told = new ArrayList<>();
  private final List<Long> changed = new ArrayList<>();

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public void run(Ground ground, Table table) throws Exception {
    var chats =
        IntStream.range(0, ground.options().chats())
            .mapToObj(number -> new Chats("agent" + number))
            .toList();
    try (var agent = new ToldAgent()) {
      var file = ground.file();
      chats.forEach(each -> each.configure(file, agent));
      try (var hub = ground.start(file)) {
        chats.forEach(each -> each.connect(hub));
        live(ground, hub, agent, chats);
      }
    } finally {
      chats.forEach(Chats::close);
    }
    report(ground, table);
  }

  private void live(Ground ground, LaunchedHub hub, ToldAgent agent, List<Chats> chats)
      throws Exception {
    for (var number = 0; number < WARM_UP + ground.options().samples(); number++) {
      if (number == WARM_UP) {
        List.of(answered, posted, told, changed).forEach(List::clear);
      }
      var start = System.nanoTime();
      var rested = chats.stream().min(Comparator.comparing(Chats::rested)).orElseThrow();
      LockSupport.parkNanos(rested.rested() - start);
      var platform = Chats.PLATFORMS.get(number % Chats.PLATFORMS.size());
      live(ground.caller(), hub, agent, rested, platform, "tool" + number + "x");
      LockSupport.parkNanos(EVERY.toNanos() - (System.nanoTime() - start));
    }
  }

  private void live(
      Caller caller, LaunchedHub hub, ToldAgent agent, Chats chats, String platform, String tool)
      throws Exception {
    var sighting = chats.watch(tool);
    var raise = System.nanoTime();
    var unused = caller.raise(hub, chats.agent(), tool, agent);
    answered.add(System.nanoTime() - raise);
    posted.add(sighting.posted() - raise);
    var messages = chats.messages(tool);
    sighting.click(Chats.ids(messages));
    var message = Optional.ofNullable(messages.get(platform)).orElseThrow();
    var click = chats.click(platform, message);
    told.add(agent.of(tool).get(PATIENCE, TimeUnit.SECONDS) - click);
    changed.add(sighting.changed() - click);
  }

  private void report(Ground ground, Table table) {
    try (var floor = ground.floor()) {
      var one = floor.answered();
      var two = floor.calls(1);
      var five = floor.calls(Chats.PLATFORMS.size());
      var where = ground.where();
      table.add(Row.latency("raise → answered", where, new Samples(answered), one, Bar.ANSWERED));
      table.add(
          Row.latency(
              "raise → posted on four", where, new Samples(posted), five, Bar.atMost(50, "ms")));
      table.add(Row.latency("click → decide call", where, new Samples(told), two, Bar.DECIDED));
      table.add(
          Row.latency(
              "click → all four copies", where, new Samples(changed), five, Bar.atMost(150, "ms")));
    }
    table.note(
        "latency: one approval at a time, every %d ms, after %d to warm up; clicks come in turn from"
                .formatted(EVERY.toMillis(), WARM_UP)
            + " Telegram, Slack, Discord and WhatsApp, by HTTP. One hub with %d channels: %d chats"
                .formatted(ground.options().chats() * 4, ground.options().chats())
            + " on each platform, one agent for each four, so that what platforms allow in a minute"
            + " is not measured.");
  }
}
