package io.approvalhub.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.TextNode;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Button;
import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.Decision;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.HttpReply;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.InvalidSettingException;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.Outcome;
import io.approvalhub.plugin.Person;
import io.approvalhub.plugin.Settings;
import io.approvalhub.plugin.TryAgainException;
import io.approvalhub.plugin.Verdict;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FakeHubTest {

  private static final Person ALICE = new Person("1", "Alice");
  private static final Person MALLORY = new Person("2", "Alice");

  private final List<String> shown = Collections.synchronizedList(new ArrayList<>());
  private final FakeHub hub = new FakeHub("ops");
  private final Channel channel = hub.open(new PlainPlugin(), Map.of("word", "hello"));

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void whoMayNotDecideLearnsNothing() {
    var approval = hub.raise("shell", "{}");
    assertThat(decide(approval, ALICE)).isInstanceOf(Outcome.NotAllowed.class);
    hub.allow(ALICE);
    assertThat(decide(approval, ALICE)).isInstanceOf(Outcome.Recorded.class);
    assertThat(decide(approval, ALICE)).isInstanceOf(Outcome.TooLate.class);
    assertThat(decide(approval, MALLORY))
        .isEqualTo(new Outcome.NotAllowed("You may not decide here"));
    assertThat(hub.decisions()).hasSize(1);
  }

  @Test
  void anUnknownTokenIsUnknown() {
    hub.allow(ALICE);
    var decision = Decision.of(new Button("nobody-knows-this-one", Action.APPROVE), ALICE);
    assertThat(hub.decide(decision)).isEqualTo(new Outcome.Unknown());
  }

  @Test
  void oneOfManyDecisionsCounts() throws Exception {
    hub.allow(ALICE);
    var approval = hub.raise("shell", "{}");
    var start = new CountDownLatch(1);
    var outcomes = new ArrayList<Future<Outcome>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Outcome> click =
          () -> {
            start.await();
            return decide(approval, ALICE);
          };
      Collections.nCopies(200, click).forEach(each -> outcomes.add(threads.submit(each)));
      start.countDown();
    }
    assertThat(outcomes)
        .extracting(Future::resultNow)
        .filteredOn(Outcome.Recorded.class::isInstance)
        .hasSize(1);
    assertThat(hub.decisions()).hasSize(1);
  }

  @Test
  void whatTheAgentCannotTakeIsRefused() {
    hub.allow(ALICE);
    var plain = hub.raise("shell", "{}");
    var approve = Decision.of(plain, Verdict.APPROVE, ALICE);
    assertThat(hub.decide(approve.editing("{}"))).isInstanceOf(Outcome.NotAllowed.class);
    var remember = Decision.of(new Button(plain.token(), Action.APPROVE_AND_REMEMBER), ALICE);
    assertThat(hub.decide(remember)).isInstanceOf(Outcome.NotAllowed.class);
    var editable = hub.raise("shell", "{}", FakeHub.Options.PLAIN.edited());
    var deny = Decision.of(editable, Verdict.DENY, ALICE).editing("{}");
    assertThat(hub.decide(deny)).isInstanceOf(Outcome.NotAllowed.class);
    var list = Decision.of(editable, Verdict.APPROVE, ALICE).editing("[]");
    assertThat(hub.decide(list)).isInstanceOf(Outcome.NotAllowed.class);
    var edit = Decision.of(editable, Verdict.APPROVE, ALICE).editing("{\"a\":1}");
    assertThat(hub.decide(edit)).isInstanceOf(Outcome.Recorded.class);
    assertThat(hub.approval(editable.id()).ending().orElseThrow().edited())
        .contains("{\n  \"a\": 1\n}");
  }

  @Test
  void timeRunsOutByTheHubsClock() {
    hub.allow(ALICE);
    var options = FakeHub.Options.PLAIN.expiring(Duration.ofMinutes(5));
    var approval = hub.raise("shell", "{}", options);
    hub.turn(Duration.ofMinutes(6));
    assertThat(decide(approval, ALICE)).isInstanceOf(Outcome.TooLate.class);
    assertThat(hub.approval(approval.id()).status()).isEqualTo(Approval.Status.EXPIRED);
  }

  @Test
  void whatIsShownIsMaskedAndVisible() {
    var approval = hub.raise("sh\u202eell", "{\"password\":\"hunter2\",\"a\":\"\\u200b\"}");
    assertThat(approval.tool()).isEqualTo("sh[U+202E]ell");
    assertThat(approval.arguments())
        .contains("[masked: 7 characters]", "[U+200B]")
        .doesNotContain("hunter2");
  }

  @Test
  void messagesAreFoundAgain() throws IOException {
    var approval = hub.raise("shell", "{}");
    var message = hub.show(approval);
    assertThat(hub.find(message)).contains(approval);
    assertThat(hub.find(approval.id())).contains(approval);
    hub.cancel(approval.id());
    hub.bringUp(approval);
    assertThat(shown).containsExactly("post 1", "update 2");
  }

  @Test
  void aLostMessageIsPostedAgainWhileItIsPending() throws IOException {
    var approval = hub.raise("shell", "{}");
    hub.lost(hub.show(approval), "blocked");
    await().until(() -> shown.size() == 2);
    hub.cancel(approval.id());
    hub.lost(hub.message(approval.id()), "blocked");
    hub.lost(new MessageRef("no", "such"), "blocked");
    assertThat(hub.troubles()).containsExactly("blocked", "blocked");
    assertThat(shown).hasSize(2);
  }

  @Test
  void callsArriveAsTheyWereSent() throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create(hub.address() + "?a=1%20&a=2&b"))
            .header("X-Signature", "s")
            .POST(HttpRequest.BodyPublishers.ofString("{ \"ä\" : 1 }"))
            .build();
    var reply = JsonHttp.send(JsonHttp.client(), request);
    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.body().asText()).isEqualTo("POST {a=[1 , 2], b=[]} s { \"ä\" : 1 }");
  }

  @Test
  void aBodyThatIsTooLargeNeverReachesTheChannel() throws IOException {
    var body = HttpRequest.BodyPublishers.ofByteArray(new byte[(1 << 20) + 1]);
    var request = HttpRequest.newBuilder(hub.address()).POST(body).build();
    assertThat(JsonHttp.send(JsonHttp.client(), request).status()).isEqualTo(413);
  }

  @Test
  void aConnectionThatBreaksIsMadeAgain() {
    var runs = new AtomicInteger();
    hub.connect(
        "poll",
        () -> {
          if (runs.incrementAndGet() == 1) {
            throw new TryAgainException("busy", Duration.ofMillis(1));
          }
          if (runs.get() < 4) {
            throw new IOException("broke off");
          }
        });
    await().untilAsserted(() -> assertThat(runs).hasValue(4));
    assertThat(hub.troubles()).hasSize(3);
  }

  @Test
  void closingEndsTheConnections() {
    var ended = new CountDownLatch(1);
    hub.connect(
        "socket",
        () -> {
          try {
            new CountDownLatch(1).await();
          } finally {
            ended.countDown();
          }
        });
    hub.close();
    assertThat(ended.getCount()).isZero();
    assertThat(shown).contains("close");
  }

  @Test
  void stateIsSmall() {
    hub.save("offset", "12");
    assertThat(hub.saved("offset")).contains("12");
    assertThatThrownBy(() -> hub.save("k".repeat(65), "v"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anUnknownSettingIsRefused() {
    try (var other = new FakeHub("other")) {
      assertThatThrownBy(() -> other.open(new PlainPlugin(), Map.of("word", "a", "colour", "red")))
          .isInstanceOf(InvalidSettingException.class)
          .hasMessageStartingWith("channels.other.settings.colour ");
    }
  }

  private Outcome decide(Approval approval, Person person) {
    return hub.decide(Decision.of(approval, Verdict.APPROVE, person));
  }

  private final class PlainPlugin implements NotificationPlugin {

    @Override
    public String name() {
      return "plain";
    }

    @Override
    public Channel open(Settings settings, Hub opener) {
      assertThat(settings.text("word")).isNotBlank();
      return new PlainChannel();
    }
  }

  private final class PlainChannel implements Channel {

    @Override
    public MessageRef post(Approval approval) {
      shown.add("post " + approval.version());
      return new MessageRef("here", approval.id() + shown.size());
    }

    @Override
    public void update(MessageRef message, Approval approval) {
      shown.add("update " + approval.version());
    }

    @Override
    public HttpReply receive(HttpCall call) {
      var body = new String(call.body(), UTF_8);
      var seen =
          call.method()
              + " "
              + call.query()
              + " "
              + call.header("x-signature").orElse("")
              + " "
              + body;
      return HttpReply.json(202, Json.text(TextNode.valueOf(seen)));
    }

    @Override
    public void close() {
      shown.add("close");
    }
  }
}
