package io.approvalhub.slack;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Text;
import io.approvalhub.kit.Words;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Button;
import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.HttpReply;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Outcome;
import io.approvalhub.plugin.Pace;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.slack.SlackClicks.Click;
import io.approvalhub.slack.SlackMessages.Post;
import io.approvalhub.slack.SlackThreads.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One Slack channel or direct message.
final class SlackChannel implements Channel {

  // Slack bears bursts and asks for a message a second beyond.
  private static final Pace PACE = new Pace(30, Duration.ofSeconds(1));
  private static final Duration SILENCE = Duration.ofSeconds(10);
  private static final int REMEMBERED_CLICKS = 1_000;
  private static final String TEAMS = "team";
  private static final String APP = "app";
  private static final String MOVED = "moved";

  private final SlackSettings settings;
  private final Hub hub;
  private final List<SlackChannel> channels;
  private final SlackApi api;
  private final SlackThreads threads;
  private final Set<String> clicks = Collections.synchronizedSet(recent());

  private SlackChannel(SlackSettings settings, Hub hub, List<SlackChannel> channels) {
    this.settings = settings;
    this.hub = hub;
    this.channels = channels;
    this.api = new SlackApi(settings);
    this.threads = new SlackThreads(hub);
  }

  /// Opens a channel beside the `channels` that are open already. Those of one Slack app share one
  /// socket, since Slack sends a click to any socket of its app, and allows ten of them.
  static SlackChannel open(SlackSettings settings, Hub hub, List<SlackChannel> channels) {
    var channel = new SlackChannel(settings, hub, channels);
    var first =
        channels.stream()
            .filter(channel::sharesAppWith)
            .noneMatch(other -> other.settings.appToken().equals(settings.appToken()));
    channels.add(channel);
    hub.connect("greeting", channel::greet);
    settings.appToken().filter(_ -> first).ifPresent(channel::connect);
    return channel;
  }

  @Override
  public MessageRef post(Approval approval) throws IOException {
    if (homes().isEmpty()) {
      greet();
    }
    var messages = messages(approval);
    var thread = messages.thread();
    return thread.isEmpty() ? post(messages) : post(messages, thread, approval.token());
  }

  @Override
  public void update(MessageRef message, Approval approval) throws IOException {
    update(message, messages(approval));
  }

  @Override
  public HttpReply receive(HttpCall call) {
    if (settings.signingSecret().isEmpty()) {
      return HttpReply.of(404);
    }
    if (SlackClicks.triesOut(call)) {
      return HttpReply.of(200);
    }
    if (!SlackClicks.signed(call, settings.signingSecret().get(), hub.clock().instant())) {
      return HttpReply.of(401);
    }
    hub.contact();
    return HttpReply.of(
        SlackClicks.payload(call).map(payload -> interact(payload) ? 200 : 403).orElse(400));
  }

  @Override
  public Optional<String> person() {
    return Optional.of(settings.conversation()).filter(id -> id.matches("[UW][A-Z0-9]+"));
  }

  @Override
  public Pace pace() {
    return PACE;
  }

  @Override
  public void close() {
    channels.remove(this);
    api.close();
  }

  private Words words() {
    return Words.of(hub.reader());
  }

  private SlackMessages messages(Approval approval) {
    return new SlackMessages(approval, words(), hub.clock().instant());
  }

  private void connect(String appToken) {
    hub.connect(
        "socket", new SlackSocket(api, appToken, hub, this::contact, this::interact, SILENCE));
  }

  private void contact() {
    channels.stream().filter(this::sharesAppWith).forEach(channel -> channel.hub.contact());
  }

  private boolean sharesAppWith(SlackChannel other) {
    return settings.sharesAppWith(other.settings);
  }

  // Learns which workspaces clicks come from, and whether Slack takes the token at all.
  private void greet() throws IOException {
    var home = api.home();
    var teams = settings.installation().teams();
    if (!teams.isEmpty() && Collections.disjoint(teams, home.teams())) {
      throw new StoppedException(
          "the bot token is for "
              + String.join(" in ", home.teams())
              + ", not for "
              + String.join(" or ", teams));
    }
    hub.save(TEAMS, String.join(" ", home.teams()));
    hub.contact();
    if (home.wholeOrganisation()) {
      var all = Stream.concat(home.teams().stream(), api.workspaces().stream()).distinct();
      hub.save(TEAMS, all.collect(Collectors.joining(" ")));
    }
  }

  private Set<String> homes() {
    var configured = settings.installation().teams();
    return Set.copyOf(
        configured.isEmpty()
            ? hub.saved(TEAMS).stream().flatMap(teams -> Stream.of(teams.split(" ", -1))).toList()
            : configured);
  }

  private Optional<String> app() {
    return settings.installation().app().or(() -> hub.saved(APP));
  }

  private MessageRef post(SlackMessages messages) throws IOException {
    var posted =
        api.post(conversation(), messages.summary(), messages.card(false), Optional.empty());
    heardIn(posted.message().place());
    posted
        .app()
        .filter(app -> !hub.saved(APP).equals(posted.app()))
        .ifPresent(app -> hub.save(APP, app));
    return known(posted.message().id());
  }

  // Whatever the id of the channel is by now.
  private MessageRef known(String message) {
    return new MessageRef(settings.conversation(), message);
  }

  // Slack has threads only below messages, so the message comes first, without its approve button.
  private MessageRef post(SlackMessages messages, List<Post> thread, String token)
      throws IOException {
    var known = threads.find(token);
    var progress =
        known.isPresent() ? known.get() : threads.save(new Progress(token, post(messages), 0));
    while (progress.parts() < thread.size()) {
      var part = thread.get(progress.parts());
      api.post(conversation(), part.summary(), part.blocks(), Optional.of(progress.message()));
      progress = threads.save(progress.next());
    }
    update(progress.message(), messages);
    return progress.message();
  }

  private void update(MessageRef message, SlackMessages messages) throws IOException {
    api.update(here(message), messages.summary(), messages.card(true));
  }

  // A channel that is shared with others may get another id, and goes by either for a while.
  private String conversation() {
    return moved().orElse(settings.conversation());
  }

  private Optional<String> moved() {
    var from = settings.conversation() + " ";
    return hub.saved(MOVED)
        .filter(move -> move.startsWith(from))
        .map(move -> move.substring(from.length()));
  }

  private void heardIn(String conversation) {
    if (!conversation.equals(conversation())) {
      hub.save(MOVED, settings.conversation() + " " + conversation);
    }
  }

  private MessageRef here(MessageRef message) {
    return message.place().equals(settings.conversation())
        ? new MessageRef(conversation(), message.id())
        : message;
  }

  // Whether it was for one of the channels here, if it was a click at all.
  private boolean interact(JsonNode payload) {
    return SlackClicks.parse(payload).map(this::take).orElse(true);
  }

  private boolean take(Click click) {
    var takers = channels.stream().filter(this::sharesAppWith).filter(c -> c.holds(click)).toList();
    if (takers.isEmpty()) {
      hub.trouble(
          "a click was refused: it came from workspace %s, app %s, channel %s"
              .formatted(click.source().team(), click.source().app(), click.message().place()));
    } else if (clicks.add(click.key())) {
      act(click, takers);
    }
    return !takers.isEmpty();
  }

  private boolean holds(Click click) {
    return click.source().installedIn(homes())
        && app().map(click.source().app()::equals).orElse(true)
        && (isHere(click.message().place()) || movedWith(click));
  }

  private boolean isHere(String conversation) {
    return conversation.equals(settings.conversation())
        || moved().equals(Optional.of(conversation));
  }

  // Its id is new, but it holds a message of ours.
  private boolean movedWith(Click click) {
    var found =
        Stream.of(settings.conversation(), conversation())
            .distinct()
            .flatMap(place -> hub.find(new MessageRef(place, click.message().id())).stream())
            .map(Approval::token)
            .anyMatch(token -> click.button().map(Button::token).equals(Optional.of(token)));
    if (found) {
      heardIn(click.message().place());
    }
    return found;
  }

  private void act(Click click, List<SlackChannel> takers) {
    if (click.trigger().isPresent()) {
      hub.later(() -> ask(click));
      return;
    }
    try {
      var words = words().answer(decide(click, takers));
      if (!words.isEmpty()) {
        hub.later(() -> tell(click, words));
      }
    } catch (RuntimeException | Error e) {
      // Slack tells the person, who may press again.
      clicks.remove(click.key());
      throw e;
    }
  }

  // Two channels here may show the same Slack channel; only one of them knows the button.
  private static Outcome decide(Click click, List<SlackChannel> takers) {
    return takers.stream()
        .flatMap(taker -> taker.decide(click).stream())
        .filter(outcome -> !(outcome instanceof Outcome.Unknown))
        .findFirst()
        .orElseGet(Outcome.Unknown::new);
  }

  private Optional<Outcome> decide(Click click) {
    var message = known(click.message().id());
    return click.decision(homes()).map(decision -> hub.decide(decision.on(message)));
  }

  private void ask(Click click) throws IOException {
    try {
      api.ask(click.trigger().orElseThrow(), SlackMessages.dialog(words(), click.memory()));
    } catch (IOException e) {
      tell(click, words().text("slack.dialog"));
      throw e;
    }
  }

  private void tell(Click click, String words) throws IOException {
    var person = click.person().id();
    api.tell(click.message().place(), person, Text.mrkdwn(words), SlackMessages.answer(words));
  }

  private static Set<String> recent() {
    return Collections.newSetFromMap(
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED_CLICKS;
          }
        });
  }
}
