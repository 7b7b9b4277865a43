package io.approvalhub.bench;

import io.approvalhub.plugin.Action;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A thousand people press the buttons of one approval at the same moment.
final class Clicks implements Measurement {

  private static final int PEOPLE = 1000;
  private static final int WARM_UP = 200;
  private static final long SETTLING = TimeUnit.SECONDS.toNanos(2);

  @Override
  public String name() {
    return "clicks";
  }

  @Override
  public void run(Ground ground, Table table) throws Exception {
    try (var traffic = new Traffic(ground, 1)) {
      traffic.steadily(WARM_UP, 200);
      var tool = traffic.raise();
      var posted = traffic.hook().copy(tool).posted.get(30, TimeUnit.SECONDS);
      var address = traffic.hub().address();
      var clicks = new ArrayList<HttpRequest>();
      for (var number = 0; number < PEOPLE; number++) {
        var action = number % 2 == 0 ? Action.APPROVE : Action.DENY;
        clicks.add(traffic.hook().click(address, posted, action));
      }
      var answers = atOnce(ground.caller(), clicks);
      LockSupport.parkNanos(SETTLING);
      var times = answers.stream().map(Answer::nanos).toList();
      var where = ground.where();
      table.add(
          Row.latency("1,000 clicks at once → answered", where, new Samples(times), Bar.NONE));
      table.add(Row.figure("of these recorded", where, count(answers, 200), "", Bar.exactly(1)));
      table.add(
          Row.figure("of these too late", where, count(answers, 409), "", Bar.exactly(PEOPLE - 1)));
      table.add(Row.figure("decide calls", where, traffic.told().calls(tool), "", Bar.exactly(1)));
    }
  }

  private static List<Answer> atOnce(Caller caller, List<HttpRequest> clicks) throws Exception {
    var start = new CountDownLatch(1);
    var answers = new ArrayList<Answer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var futures =
          clicks.stream()
              .<Callable<Answer>>map(click -> () -> answer(caller, click, start))
              .map(threads::submit)
              .toList();
      start.countDown();
      for (var future : futures) {
        answers.add(future.get());
      }
    }
    return answers;
  }

  private static Answer answer(Caller caller, HttpRequest click, CountDownLatch start)
      throws InterruptedException {
    start.await();
    var begin = System.nanoTime();
    return new Answer(caller.status(click), System.nanoTime() - begin);
  }

  private static long count(List<Answer> answers, int status) {
    return answers.stream().filter(answer -> answer.status() == status).count();
  }

  private record Answer(int status, long nanos) {}
}
