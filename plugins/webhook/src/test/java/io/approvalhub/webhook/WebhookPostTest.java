package io.approvalhub.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.StandardWebhook;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Decision;
import io.approvalhub.plugin.Person;
import io.approvalhub.plugin.RefusedException;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import io.approvalhub.plugin.Verdict;
import io.approvalhub.testkit.FakeHub;
import io.approvalhub.testkit.FakeServer;
import io.approvalhub.testkit.FakeServer.Answer;
import io.approvalhub.testkit.FakeServer.Request;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class WebhookPostTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final Person ALICE = new Person("1", "Alice");

  private final FakeServer receiver = new FakeServer();
  private final FakeHub hub = new FakeHub("ops");
  private final List<Request> received = new CopyOnWriteArrayList<>();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void open() {
    hub.allow(ALICE);
    for (var path : List.of("/hook/", "/elsewhere")) {
      receiver.on("POST", path, path, this::answer);
    }
    hub.open(
        new WebhookPlugin(),
        Map.of("url", receiver.address() + "/hook/", "secret", SECRET, "allow-private", "true"));
  }

  @AfterEach
  void close() {
    hub.close();
    receiver.close();
  }

  @Test
  void anEventHoldsTheWholeApproval() throws IOException {
    var options = FakeHub.Options.PLAIN.expiring(Duration.ofMinutes(5)).remembering("shell");
    var approval = hub.raise("shell", "{\"n\":1.50,\"token\":\"t\"}", options);
    hub.show(approval);
    var expected =
        """
        {
          "type": "approval.requested",
          "timestamp": "RAISED",
          "data": {
            "job_id": "ID",
            "worker_name": "builder",
            "tool_name": "shell",
            "tool_args": {
              "n": 1.50,
              "token": "[masked: 1 character]"
            },
            "headline": "coder wants to call shell",
            "parts": [
              {
                "label": "",
                "text": "n: 1.50\\ntoken: [masked: 1 character]",
                "file_name": "arguments.txt",
                "kind": "table",
                "rows": [
                  {
                    "name": "n",
                    "value": "1.50"
                  },
                  {
                    "name": "token",
                    "value": "[masked: 1 character]"
                  }
                ]
              }
            ],
            "risk_level": "high",
            "reason": "cleaning up",
            "tool_hints": [],
            "timestamp": "RAISED",
            "agent": "coder",
            "status": "pending",
            "version": 1,
            "session_id": "session-1",
            "expires_at": "EXPIRES",
            "quorum": 1,
            "votes": [],
            "decided_at": null,
            "decided_by": null,
            "decided_via": null,
            "decision_reason": null,
            "modified_args": null,
            "delivered": "waiting",
            "delivery_trouble": null,
            "decide_url": "HUB",
            "token": "TOKEN",
            "actions": [
              {
                "action": "approve",
                "label": "Approve",
                "button": "ah:a:TOKEN"
              },
              {
                "action": "approve_and_remember",
                "label": "Approve & remember (shell)",
                "button": "ah:s:TOKEN"
              },
              {
                "action": "deny",
                "label": "Deny",
                "button": "ah:d:TOKEN"
              },
              {
                "action": "deny_with_reason",
                "label": "Deny with reason…",
                "button": "ah:r:TOKEN"
              }
            ]
          }
        }\
        """
            .replace("RAISED", approval.raisedAt().toString())
            .replace("EXPIRES", approval.expiresAt().orElseThrow().toString())
            .replace("HUB", hub.address().toString())
            .replace("ID", approval.id())
            // may hold any two capitals
            .replace("TOKEN", approval.token());
    assertThat(Json.pretty(received.getFirst().fields())).isEqualTo(expected);
  }

  @Test
  void anUpdateSaysWhoDecidedAndWhatTheAgentMadeOfIt() throws IOException {
    var approval = hub.raise("shell", "{}", FakeHub.Options.PLAIN.edited());
    hub.show(approval);
    var edit = Decision.of(approval, Verdict.APPROVE, ALICE).because("fine").editing("{\"a\":1}");
    hub.decide(edit);
    hub.delivered(approval.id(), DeliveryStatus.GONE);
    hub.bringUp(approval);
    var data = last().path("data");
    assertThat(last().path("type").asText()).isEqualTo("approval.updated");
    assertThat(data.path("status").asText()).isEqualTo("approved");
    assertThat(data.path("decided_by").asText()).isEqualTo("Alice");
    assertThat(data.path("decision_reason").asText()).isEqualTo("fine");
    assertThat(data.path("modified_args").path("a").intValue()).isEqualTo(1);
    assertThat(data.path("delivered").asText()).isEqualTo("gone");
    assertThat(data.path("actions")).isEmpty();
    assertThat(last().path("timestamp")).isEqualTo(data.path("decided_at"));
  }

  @Test
  void argumentsOfAnyLengthGoInTheEvent() throws IOException {
    var text = "0123456789".repeat(30_000);
    hub.show(hub.raise("write", "{\"text\":\"" + text + "\"}"));
    assertThat(last().path("data").path("tool_args").path("text").asText()).isEqualTo(text);
  }

  @Test
  void whatNobodyCouldSeeIsWrittenOut() throws IOException {
    hub.show(hub.raise("shell", "{\"a\\u001b\":[\"x\\u0007y\\u0000\\u202e\\n\"],\"a[U+001B]\":1}"));
    assertThat(Json.text(last().path("data").path("tool_args")))
        .isEqualTo("{\"a[U+001B]\":[\"x[U+0007]y[U+0000][U+202E]\\n\"],\"a[U+001B] (2)\":1}");
  }

  @Test
  void theSpecificationsOwnLibraryVerifiesTheSignature() throws Exception {
    hub.show(raised());
    var request = received.getFirst();
    assertThatCode(() -> new Webhook(SECRET).verify(request.text(), request.headers()))
        .doesNotThrowAnyException();
  }

  @Test
  void everySecretSigns() throws Exception {
    var old = "whsec_b2xkIG9sZCBvbGQgb2xkIG9sZCBvbGQgb2xk";
    try (var both = new FakeHub("both")) {
      both.open(
          new WebhookPlugin(),
          Map.of(
              "url",
              receiver.address() + "/hook/",
              "secret",
              List.of(SECRET, old),
              "allow-private",
              "true"));
      both.show(both.raise("shell", "{}"));
    }
    var request = received.getFirst();
    for (var secret : List.of(SECRET, old)) {
      assertThatCode(() -> new Webhook(secret).verify(request.text(), request.headers()))
          .doesNotThrowAnyException();
    }
    assertThat(request.header(StandardWebhook.SIGNATURE).orElse("").split(" ")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"999999999", "NaN", "-5", "Fri, 31 Dec 9999 23:59:59 GMT", "1e300"})
  void anyWaitThatTheReceiverAsksForIsBorne(String after) {
    assertThat(failure(Answer.of(429).with("Retry-After", after))).isInstanceOf(IOException.class);
  }

  @Test
  void aReceiverThatKnowsNoOtherProtocolIsReached() throws IOException {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var plain = new FakeHub("plain")) {
      Thread.startVirtualThread(() -> refuseUpgrades(server));
      var url = "http://127.0.0.1:" + server.getLocalPort() + "/hook";
      plain.open(
          new WebhookPlugin(), Map.of("url", url, "secret", SECRET, "allow-private", "true"));
      plain.show(plain.raise("shell", "{}"));
      assertThat(plain.contacts()).hasSize(1);
    }
  }

  /// As uvicorn with httptools does: such a request is 422, whatever it says.
  private static void refuseUpgrades(ServerSocket server) {
    try (var socket = server.accept();
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))) {
      var status = "204 No Content";
      for (var line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
        if (line.toLowerCase(Locale.ROOT).startsWith("upgrade:")) {
          status = "422 Unprocessable Content";
        }
      }
      var answer = "HTTP/1.1 " + status + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(answer.getBytes(US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theClockOfTheHubStampsTheSignature() throws IOException {
    hub.turn(Duration.ofDays(1));
    hub.show(raised());
    var seconds = Long.parseLong(received.getFirst().header("webhook-timestamp").orElseThrow());
    assertThat(seconds).isCloseTo(hub.clock().millis() / 1000, within(5L));
  }

  @Test
  void aRepeatedVersionIsTheSameEvent() throws IOException {
    var approval = raised();
    answers.add(Answer.of(500));
    assertThatThrownBy(() -> hub.show(approval)).isInstanceOf(IOException.class);
    hub.show(approval);
    hub.cancel(approval.id());
    hub.bringUp(approval);
    assertThat(received).extracting(WebhookPostTest::id).doesNotContain("").hasSize(3);
    assertThat(id(received.get(1))).isEqualTo(id(received.get(0))).doesNotContain(".");
    assertThat(received.get(1).body()).isEqualTo(received.get(0).body());
    assertThat(id(received.get(2))).isNotEqualTo(id(received.get(0)));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsAFailureAndIsNotFollowed(int status) {
    answers.add(Answer.of(status).with("Location", receiver.address() + "/elsewhere"));
    assertThatThrownBy(() -> hub.show(raised()))
        .isExactlyInstanceOf(IOException.class)
        .hasMessageContaining("redirects are not followed");
    assertThat(received).hasSize(1);
  }

  @Test
  void whatTheReceiverAnswersDecidesWhatIsNext() {
    assertThat(failure(Answer.of(410))).isInstanceOf(StoppedException.class);
    assertThat(failure(Answer.of(401))).isInstanceOf(StoppedException.class);
    assertThat(failure(Answer.of(422))).isInstanceOf(RefusedException.class);
    assertThat(failure(Answer.of(404))).isExactlyInstanceOf(IOException.class);
    assertThat(failure(Answer.of(503))).isExactlyInstanceOf(IOException.class);
    assertThat(failure(Answer.of(503).with("Retry-After", "7")))
        .isInstanceOfSatisfying(
            TryAgainException.class, e -> assertThat(e.delay()).isEqualTo(Duration.ofSeconds(7)));
  }

  @Test
  void theReceiverIsHeardOfOnlyWhenItTakesAnEvent() throws IOException {
    answers.add(Answer.of(500));
    assertThatThrownBy(() -> hub.show(raised())).isInstanceOf(IOException.class);
    assertThat(hub.contacts()).isEmpty();
    hub.show(raised());
    assertThat(hub.contacts()).hasSize(1);
  }

  private Throwable failure(Answer answer) {
    answers.add(answer);
    return catchThrowable(() -> hub.show(raised()));
  }

  private Answer answer(Request request) {
    received.add(request);
    var answer = answers.poll();
    return answer == null ? Answer.of(200) : answer;
  }

  private Approval raised() {
    return hub.raise("shell", "{\"command\":\"ls\"}");
  }

  private JsonNode last() {
    return received.getLast().fields();
  }

  private static String id(Request request) {
    return request.header(StandardWebhook.ID).orElse("");
  }
}
