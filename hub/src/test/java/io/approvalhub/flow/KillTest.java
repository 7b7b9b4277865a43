package io.approvalhub.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.approvalhub.agent.hivegate.FakeHiveGate;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Person;
import io.approvalhub.testkit.FakePlatform.Call;
import io.approvalhub.testkit.FakePlatform.Shown;
import io.approvalhub.testkit.FakeTelegram;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From HiveGate's list to Telegram and back, with the hub killed between each two steps.
final class KillTest {

  private static final Person ALICE = new Person("42", "Alice");
  private static final String JOB = "run-abc:tc-001";
  private static final String POSTED =
      "approvalhub_deliveries_total{result=\"done\",target=\"channel:phone\"}";

  @TempDir private Path folder;
  private final FakeHiveGate hivegate = new FakeHiveGate();
  private final FakeTelegram telegram = FakeTelegram.polled();
  private final Doorway toAgent = new Doorway(hivegate.address());
  private final Doorway toChat = new Doorway(URI.create(setting("api")));
  private final CountDownLatch killed = new CountDownLatch(1);
  private HubProcess hub;

  @BeforeEach
  void start() {
    hub =
        new HubProcess(
            folder,
            """
            hub:
              data: ./data
              keys:
                alice: {key: alice, role: operator, person: alice}
            people:
              alice: {telegram: "%s"}
            agents:
              coder: {type: hivegate, url: "%s", api-key: "%s", poll-interval: 50ms}
            channels:
              phone:
                plugin: telegram
                approvers: [alice]
                settings: {api: "%s", token: "%s", chat: "%s"}
            """
                .formatted(
                    ALICE.id(),
                    toAgent.address(),
                    FakeHiveGate.KEY,
                    toChat.address(),
                    setting("token"),
                    setting("chat")));
  }

  @AfterEach
  void stop() {
    hub.close();
    toAgent.close();
    toChat.close();
    telegram.close();
    hivegate.close();
  }

  @Test
  void anApprovalGoesOutTheClickComesBackAndTheAgentIsTold() {
    pause();
    click(message());

    assertDecidedOnce("agent resumed");
    assertThat(names()).containsSubsequence("sendmessage", "editmessagetext");
    assertThat(hub.end()).isZero();
  }

  @Test
  void aReplyInWordsDecidesToo() {
    pause();
    var message = message();
    // The reply names the message, which the hub knows once it has saved where it posted.
    await().until(() -> hub.get("alice", "/prometheus").contains(POSTED));
    Thread.startVirtualThread(() -> telegram.say(Optional.of(message), "approve", ALICE));

    assertDecidedOnce("agent resumed");
  }

  @Test
  void killedBeforeTheMessageIsSent() throws InterruptedException {
    toChat.before("/sendmessage", this::kill);
    pause();
    restart();
    click(message());

    assertDecidedOnce("agent resumed");
  }

  @Test
  void killedAfterTheMessageIsSentAndBeforeItIsKnown() throws InterruptedException {
    toChat.after("/sendmessage", this::kill);
    pause();
    restart();
    await().atMost(Duration.ofSeconds(30)).until(() -> telegram.shown().size() == 2);
    click(telegram.shown().getFirst());

    assertDecidedOnce("agent resumed");
  }

  @Test
  void killedBeforeTheClick() throws InterruptedException {
    pause();
    var message = message();
    hub.kill();
    killed.countDown();
    click(message);
    restart();

    assertDecidedOnce("agent resumed");
  }

  @Test
  void killedAfterTheClickAndBeforeTheAgentIsTold() throws InterruptedException {
    toAgent.before("/decide", this::kill);
    pause();
    click(message());
    restart();

    assertDecidedOnce("agent resumed");
  }

  @Test
  void killedAfterTheAgentIsToldAndBeforeItsAnswerIsKnown() throws InterruptedException {
    toAgent.after("/decide", this::kill);
    pause();
    click(message());
    restart();

    assertDecidedOnce("the agent may have received it");
  }

  @Test
  void killedBeforeTheMessageIsEdited() throws InterruptedException {
    toChat.before("/editmessagetext", this::kill);
    pause();
    click(message());
    restart();

    assertDecidedOnce("");
  }

  @Test
  void killedAfterTheMessageIsEditedAndBeforeThatIsKnown() throws InterruptedException {
    toChat.after("/editmessagetext", this::kill);
    pause();
    click(message());
    restart();

    assertDecidedOnce("");
  }

  private void pause() {
    hivegate.pause(JOB, "run_claude_code", "{\"prompt\": \"deploy\"}");
  }

  private Shown message() {
    await().atMost(Duration.ofSeconds(30)).until(() -> !telegram.shown().isEmpty());
    return telegram.shown().getLast();
  }

  /// The answer to the click may never come: the hub may be dead by then.
  private void click(Shown message) {
    Thread.ofVirtual()
        .uncaughtExceptionHandler((_, _) -> {})
        .start(() -> telegram.click(message, Action.APPROVE, ALICE, Optional.empty()));
  }

  private void kill() {
    hub.kill();
    killed.countDown();
  }

  private void restart() throws InterruptedException {
    assertThat(killed.await(30, TimeUnit.SECONDS)).isTrue();
    hub.restart();
  }

  private void assertDecidedOnce(String outcome) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              var message = telegram.shown().getLast();
              assertThat(message.text()).contains("Approved by alice").contains(outcome);
              assertThat(message.buttons()).isEmpty();
              assertThat(hivegate.decideCalls()).hasSize(1);
            });
    assertThat(hivegate.decideCalls().getFirst().body()).isEqualTo("{\"approved\":true}");
    assertThat(hivegate.decision(JOB).path("approved").booleanValue()).isTrue();
  }

  private Iterable<String> names() {
    return telegram.calls().stream()
        .map(Call::name)
        .map(name -> name.toLowerCase(Locale.ROOT))
        .toList();
  }

  private String setting(String key) {
    return String.valueOf(telegram.settings().get(key));
  }
}
