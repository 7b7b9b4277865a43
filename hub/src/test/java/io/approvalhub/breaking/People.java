package io.approvalhub.breaking;

import io.approvalhub.breaking.Evidence.Clicked;
import io.approvalhub.breaking.Job.Source;
import io.approvalhub.kit.Json;
import io.approvalhub.testkit.FakePlatform.Shown;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// Those who decide: they look at a message and press its buttons until these are gone or they are
/// told that somebody was faster.
final class People implements AutoCloseable {

  private static final int GLANCE_MILLIS = 20;
  private static final int LONGEST_PAUSE_MILLIS = 500;

  private final Platforms platforms;
  private final Agents agents;
  private final Journal journal;
  private final Api api = new Api();
  private final Map<String, List<Clicked>> clicks = new ConcurrentHashMap<>();

  People(Platforms platforms, Agents agents, Journal journal) {
    this.platforms = platforms;
    this.agents = agents;
    this.journal = journal;
  }

  /// What people did about a job, in the order in which they began.
  List<Clicked> clicks(Job job) {
    return clicks.getOrDefault(job.name(), List.of());
  }

  /// Decides, however often that takes.
  void decide(Click click, URI hub) throws InterruptedException {
    while (click.channel().equals("api") ? !call(click, hub) : !press(click)) {
      TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(LONGEST_PAUSE_MILLIS));
    }
  }

  /// Presses a button that the hub never made, on some message in the chat.
  void poison() {
    platforms.poison();
  }

  /// Presses a button of a message that may be out of date.
  void press(Click click, Shown message) {
    var about = Jobs.mentioned(message.text()).getFirst();
    try {
      var answer = platforms.click(click.channel(), message, click.person(), click.approve());
      var recorded = answer.isEmpty() && tells(click.channel());
      // Slack whispers without saying what about, and people press several buttons at a time.
      note(
          about,
          click,
          Optional.of(answer).filter(_ -> !click.channel().equals("slack")),
          recorded);
    } catch (RuntimeException e) {
      note(about, click, Optional.empty(), false);
    }
  }

  @Override
  public void close() {
    api.close();
  }

  /// @return whether the message shows by now that it has ended
  private boolean press(Click click) throws InterruptedException {
    var messages = platforms.shown(click.channel(), click.job());
    while (messages.isEmpty()) {
      TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
      messages = platforms.shown(click.channel(), click.job());
    }
    var waiting = waiting(click.job(), messages);
    waiting.ifPresent(message -> press(click, message));
    return waiting.isEmpty() && agents.isOver(click.job());
  }

  /// The message to decide by. Where an agent asks anew, an older one may wait longer.
  private static Optional<Shown> waiting(Job job, List<Shown> messages) {
    var from = job.source() == Source.RELAYED ? 0 : messages.size() - 1;
    return messages.subList(from, messages.size()).reversed().stream()
        .filter(message -> !message.buttons().isEmpty())
        .findFirst();
  }

  /// @return whether it was decided, by whomever
  private boolean call(Click click, URI hub) {
    var id = agents.id(click.job());
    if (id.isEmpty()) {
      return false;
    }
    try {
      var body = Json.object().put("approved", click.approve());
      var path = "/v2/approvals/" + id.get() + "/decide";
      var reply = api.post(hub, click.person(), path, body);
      var over = List.of(409, 410).contains(reply.status());
      note(
          click.job().name(),
          click,
          Optional.of(reply.body().path("detail").asText("")),
          reply.ok());
      return reply.ok() || over;
    } catch (IOException _) {
      note(click.job().name(), click, Optional.empty(), false);
      return false;
    }
  }

  /// Whether silence in answer to a click says that it was recorded.
  private static boolean tells(String channel) {
    return "webhook".equals(Platforms.PLUGINS.get(channel));
  }

  private void note(String job, Click click, Optional<String> answer, boolean recorded) {
    var clicked = new Clicked(click.channel(), click.person(), click.approve(), answer, recorded);
    clicks.computeIfAbsent(job, _ -> new CopyOnWriteArrayList<>()).add(clicked);
    journal.write("clicked " + job + " " + clicked);
  }
}
