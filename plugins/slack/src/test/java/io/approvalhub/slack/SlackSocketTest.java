package io.approvalhub.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Decision;
import io.approvalhub.plugin.Person;
import io.approvalhub.plugin.Settings;
import io.approvalhub.testkit.FakeHub;
import io.approvalhub.testkit.FakePlatform.Call;
import io.approvalhub.testkit.FakePlatform.Shown;
import io.approvalhub.testkit.FakeSlack;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Socket Mode when the connection is in trouble.
@Timeout(60)
final class SlackSocketTest {

  private static final Person ALICE = new Person("U0ALICE", "Alice");

  private final FakeSlack slack = new FakeSlack(FakeSlack.Mode.SOCKET);
  private final SlackPlugin plugin = new SlackPlugin();
  private final FakeHub hub = new FakeHub("ops");

  @BeforeEach
  void allow() {
    hub.allow(ALICE);
  }

  @AfterEach
  void close() {
    hub.close();
    slack.close();
  }

  @Test
  void aRefreshLosesNoClickAndDoublesNone() throws IOException {
    connect();
    var messages = show(20);
    var envelopes = new ArrayList<String>();
    for (var message : messages) {
      if (envelopes.size() == 5) {
        slack.goodbye("warning");
      }
      if (envelopes.size() == 10) {
        await().until(() -> slack.socketsOpen() == 2);
      }
      if (envelopes.size() == 15) {
        slack.closeLeaving();
        await().until(() -> slack.socketsOpen() == 1);
      }
      envelopes.add(slack.deliver(press(message)));
    }
    await().until(() -> hub.decisions().size() == messages.size());
    await().until(() -> envelopes.stream().allMatch(id -> slack.acknowledged(id) > 0));
    assertThat(hub.decisions().stream().map(Decision::token)).doesNotHaveDuplicates();
    assertThat(slack.socketsOpened()).isEqualTo(2);
    assertThat(hub.troubles()).isEmpty();
  }

  @Test
  void aClickWhoseSocketClosedIsAcknowledgedByTheNext() throws IOException {
    connect();
    var message = show(1).getFirst();
    slack.goodbye("refresh_requested");
    var envelope = slack.deliver(press(message));
    slack.closeLeaving();
    await().until(() -> slack.acknowledged(envelope) > 0);
    assertThat(hub.decisions()).hasSize(1);
  }

  @Test
  void whileNoNewSocketCanBeHadTheOldOneIsRead() throws IOException {
    connect();
    var messages = show(2);
    slack.down(true);
    slack.goodbye("warning");
    await().until(() -> refusedConnections() > 0);
    slack.deliver(press(messages.getFirst()));
    await().until(() -> hub.decisions().size() == 1);
    slack.down(false);
    await().until(() -> slack.socketsOpened() == 2);
    slack.closeLeaving();
    await().until(() -> slack.socketsOpen() == 1);
    slack.deliver(press(messages.getLast()));
    await().until(() -> hub.decisions().size() == 2);
  }

  @Test
  void aClickThatIsToldTwiceIsTakenOnce() throws IOException {
    connect();
    var press = press(show(1).getFirst());
    var envelope = slack.deliver(press);
    var other = slack.deliver(press);
    slack.deliverAgain(press, envelope);
    await().until(() -> slack.acknowledged(envelope) == 2 && slack.acknowledged(other) == 1);
    assertThat(hub.decisions()).hasSize(1);
    assertThat(slack.calls().stream().map(Call::name)).doesNotContain("chat.postEphemeral");
  }

  @Test
  void slackMayBeDownAtTheStart() throws IOException {
    slack.down(true);
    hub.open(plugin, slack.settings());
    await().until(() -> refusedConnections() > 1);
    assertThat(hub.contacts()).isEmpty();
    slack.down(false);
    await().until(() -> slack.socketsOpen() == 1);
    slack.deliver(press(show(1).getFirst()));
    await().until(() -> hub.decisions().size() == 1);
    assertThat(hub.contacts()).isNotEmpty();
  }

  @Test
  void aSocketThatDropsIsOpenedAgain() throws IOException {
    connect();
    slack.drop();
    await().until(() -> slack.socketsOpened() == 2 && slack.socketsOpen() == 1);
    slack.deliver(press(show(1).getFirst()));
    await().until(() -> hub.decisions().size() == 1);
  }

  @Test
  void aSocketThatFellSilentIsOpenedAgain() {
    var settings = SlackSettings.from(new Settings("settings", slack.settings()));
    try (var api = new SlackApi(settings)) {
      var token = settings.appToken().orElseThrow();
      var often = Duration.ofMillis(50);
      hub.connect("socket", new SlackSocket(api, token, hub, hub::contact, _ -> {}, often));
      await().until(() -> hub.contacts().size() > 3);
      slack.freeze(true);
      await().until(() -> slack.socketsOpened() > 1);
      slack.freeze(false);
      hub.close();
    }
  }

  @Test
  void slackMayWantEachNewSocketReplacedAtOnce() {
    slack.restless(true);
    var before = System.nanoTime();
    hub.open(plugin, slack.settings());
    await().until(() -> slack.socketsOpened() == 4);
    // The second comes at once, the third a second later, the fourth two seconds after that.
    assertThat(System.nanoTime() - before).isGreaterThan(Duration.ofSeconds(3).toNanos());
    assertThat(hub.troubles()).isEmpty();
  }

  @Test
  void whatBreaksInAFrameOrAClickDoesNotEndTheSocket() throws IOException {
    var settings = SlackSettings.from(new Settings("settings", slack.settings()));
    try (var api = new SlackApi(settings)) {
      var taken = new AtomicInteger();
      hub.connect(
          "socket",
          new SlackSocket(
              api,
              settings.appToken().orElseThrow(),
              hub,
              () -> breakWhen(slack.socketsOpen() == 1 && taken.get() == 1),
              _ -> breakWhen(taken.incrementAndGet() == 1),
              Duration.ofSeconds(10)));
      await().until(() -> slack.socketsOpen() == 1);
      var unacknowledged = slack.deliver(Json.object());
      await().until(() -> taken.get() == 1 && hub.troubles().size() == 1);
      slack.sayOnSockets("{}");
      await().until(() -> hub.troubles().size() == 2);
      taken.set(2);
      var envelope = slack.deliver(Json.object());
      await().until(() -> slack.acknowledged(envelope) == 1);
      assertThat(slack.acknowledged(unacknowledged)).isZero();
      assertThat(slack.socketsOpened()).isEqualTo(1);
      assertThat(hub.troubles())
          .containsExactly(
              "A click was not taken: StackOverflowError",
              "What Slack sent over its socket broke: StackOverflowError");
      hub.close();
    }
  }

  private static void breakWhen(boolean broken) {
    if (broken) {
      throw new StackOverflowError();
    }
  }

  @Test
  void socketModeSwitchedOffIsAnAlarm() {
    connect();
    slack.goodbye("link_disabled");
    await()
        .untilAsserted(
            () ->
                assertThat(hub.troubles())
                    .anyMatch(trouble -> trouble.contains("StoppedException: Socket Mode is")));
  }

  @Test
  void anotherAppOnTheSocketIsAPause() {
    connect();
    slack.goodbye("too_many_websockets");
    await().until(() -> slack.socketsOpened() == 2);
    assertThat(hub.troubles()).hasSize(1);
  }

  @Test
  void theEndOfTheHubEndsTheSocket() {
    connect();
    hub.close();
    await().until(() -> slack.socketsOpen() == 0);
    assertThat(hub.troubles()).isEmpty();
  }

  @Test
  void whatIsNoClickIsAcknowledgedAndForgotten() {
    connect();
    var envelope = slack.deliver(Json.object().put("type", "shortcut").put("callback_id", "x"));
    await().until(() -> slack.acknowledged(envelope) == 1);
    assertThat(hub.decisions()).isEmpty();
  }

  @Test
  void channelsOfOneAppShareASocket() throws IOException {
    connect();
    try (var other = new FakeHub("incidents")) {
      other.allow(ALICE);
      other.open(plugin, slack.settings(FakeSlack.OTHER_CHANNEL));
      var approval = other.raise("restart", "{}");
      var ref = other.show(approval);
      var message =
          slack.shown().stream().filter(shown -> shown.ref().equals(ref)).findFirst().orElseThrow();
      slack.click(message, Action.APPROVE, ALICE, Optional.empty());
      await().until(() -> other.decisions().size() == 1);
      assertThat(slack.socketsOpened()).isEqualTo(1);
      assertThat(other.contacts()).isNotEmpty();
    }
    assertThat(hub.decisions()).isEmpty();
    assertThat(hub.troubles()).isEmpty();
  }

  private void connect() {
    hub.open(plugin, slack.settings());
    await().until(() -> slack.socketsOpen() == 1);
  }

  private List<Shown> show(int count) throws IOException {
    for (var number = 0; number < count; number++) {
      hub.show(hub.raise("delete_files", "{\"number\":" + number + "}"));
    }
    return slack.shown();
  }

  private long refusedConnections() {
    return slack.refusals().stream().filter("apps.connections.open: down"::equals).count();
  }

  private ObjectNode press(Shown message) {
    return slack.press(message, Action.APPROVE, ALICE);
  }
}
