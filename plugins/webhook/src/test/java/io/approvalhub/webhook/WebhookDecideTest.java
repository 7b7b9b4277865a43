package io.approvalhub.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.standardwebhooks.Webhook;
import io.approvalhub.kit.DecideCall;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.StandardWebhook;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.HttpReply;
import io.approvalhub.plugin.Person;
import io.approvalhub.plugin.Verdict;
import io.approvalhub.testkit.FakeHub;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class WebhookDecideTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final byte[] KEY = StandardWebhook.key(SECRET).orElseThrow();
  private static final Person ALICE = new Person("a1", "Alice");

  private final FakeHub hub = new FakeHub("ops");
  private final Channel channel =
      hub.open(
          new WebhookPlugin(), Map.of("url", "https://receiver.example/hook", "secret", SECRET));
  private final Approval approval =
      hub.raise("shell", "{\"command\":\"ls\"}", FakeHub.Options.PLAIN.edited());

  @BeforeEach
  void allow() {
    hub.allow(ALICE);
  }

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void aSignedCallDecides() throws IOException {
    var reply = receive("msg_1", button(Action.APPROVE));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.contentType()).isEqualTo("application/json");
    assertThat(Json.text(json(reply)))
        .isEqualTo(
            "{\"job_id\":\"%s\",\"status\":\"approved\",\"message\":\"Approved by Alice\"}"
                .formatted(approval.id()));
    assertThat(hub.decisions().getFirst().person()).isEqualTo(ALICE);
  }

  @Test
  void aTokenAndAVerdictDecideToo() throws IOException {
    var reply = receive("msg_1", verdict("deny", "\"reason\":\" too late \""));
    assertThat(reply.status()).isEqualTo(200);
    var decision = hub.decisions().getFirst();
    assertThat(decision.verdict()).isEqualTo(Verdict.DENY);
    assertThat(decision.reason()).contains("too late");
    assertThat(json(reply).path("message").asText()).isEqualTo("Denied by Alice: too late");
  }

  @Test
  void editedArgumentsAreTakenWhole() throws IOException {
    var edited = verdict("approve", "\"modified_args\":{\"n\":1.10}");
    assertThat(receive("msg_1", edited).status()).isEqualTo(200);
    assertThat(hub.decisions().getFirst().arguments()).contains("{\"n\":1.10}");
  }

  @Test
  void theSpecificationsOwnLibraryCanSignTheCall() throws Exception {
    var body = Json.text(button(Action.APPROVE));
    var now = hub.clock().instant().getEpochSecond();
    var headers = new TreeMap<String, List<String>>();
    headers.put(StandardWebhook.ID, List.of("msg_1"));
    headers.put(StandardWebhook.TIMESTAMP, List.of(String.valueOf(now)));
    headers.put(StandardWebhook.SIGNATURE, List.of(new Webhook(SECRET).sign("msg_1", now, body)));
    var call = new HttpCall("POST", Map.of(), headers, body.getBytes(UTF_8));
    assertThat(channel.receive(call).status()).isEqualTo(200);
  }

  @Test
  void theLaterCallIsToldWhoWasFirst() throws IOException {
    receive("msg_1", button(Action.APPROVE));
    var reply = receive("msg_2", button(Action.DENY));
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.contentType()).isEqualTo("application/problem+json");
    assertThat(json(reply).path("title").asText()).isEqualTo("Already decided");
    assertThat(json(reply).path("detail").asText()).startsWith("Already approved by Alice via ops");
  }

  @Test
  void aStrangerIsNotAllowed() throws IOException {
    var body = DecideCall.body(approval.button(Action.APPROVE), new Person("m", "Alice"));
    var reply = receive("msg_1", body);
    assertThat(reply.status()).isEqualTo(403);
    assertThat(text(reply)).doesNotContain("shell", "ls");
    assertThat(hub.decisions()).isEmpty();
  }

  @Test
  void anUnknownTokenIsUnknown() throws IOException {
    var reply = receive("msg_1", DecideCall.body("ah:a:nobodynobodynobodynobo", ALICE));
    assertThat(reply.status()).isEqualTo(404);
    assertThat(json(reply).path("detail").asText()).isEqualTo("That request is gone");
  }

  @Test
  void aWrongSignatureIsRefused() throws IOException {
    var call = signed("msg_1", button(Action.APPROVE));
    var other = "another key of more than 24 bytes".getBytes(UTF_8);
    var now = hub.clock().instant();
    assertUnsigned(new HttpCall("POST", Map.of(), Map.of(), call.body()));
    assertUnsigned(DecideCall.signed(other, "msg_1", now, button(Action.APPROVE)));
    assertUnsigned(with(call, StandardWebhook.ID, "msg_2"));
    assertUnsigned(with(call, StandardWebhook.SIGNATURE, "v1,"));
    var signature = call.header(StandardWebhook.SIGNATURE).orElseThrow();
    assertUnsigned(with(call, StandardWebhook.SIGNATURE, signature, signature));
    assertUnsigned(with(call, StandardWebhook.SIGNATURE, signature.replace("v1,", "v1a,")));
  }

  @Test
  void onlyTheLastAndTheNextFiveMinutesCount() throws IOException {
    var call = signed("msg_1", button(Action.APPROVE));
    hub.turn(Duration.ofSeconds(-302));
    assertUnsigned(call);
    hub.turn(Duration.ofSeconds(604));
    assertUnsigned(call);
    hub.turn(Duration.ofSeconds(-4));
    assertThat(channel.receive(call).status()).isEqualTo(200);
  }

  @Test
  void aRepeatedCallGetsTheSameAnswer() throws IOException {
    var first = receive("msg_1", button(Action.APPROVE));
    hub.turn(Duration.ofMinutes(4));
    var second = receive("msg_1", button(Action.APPROVE));
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(hub.decisions()).hasSize(1);
  }

  @Test
  void anIdCannotBeUsedForAnotherBody() throws IOException {
    receive("msg_1", button(Action.APPROVE));
    var other = hub.raise("shell", "{}");
    var reply = receive("msg_1", DecideCall.body(other.button(Action.APPROVE), ALICE));
    assertThat(reply.status()).isEqualTo(422);
    assertThat(json(reply).path("detail").asText()).startsWith("webhook-id ");
    assertThat(hub.approval(other.id()).pending()).isTrue();
  }

  @Test
  void anIdIsForgottenWhenNoCallWithItCanComeAnyMore() throws IOException {
    receive("msg_1", button(Action.APPROVE));
    hub.turn(Duration.ofMinutes(11));
    assertThat(receive("msg_1", button(Action.APPROVE)).status()).isEqualTo(409);
  }

  @Test
  void theSameCallAtTheSameMomentDecidesOnce() throws Exception {
    var call = signed("msg_1", button(Action.APPROVE));
    var replies = new ArrayList<Future<HttpReply>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<HttpReply> click = () -> channel.receive(call);
      Collections.nCopies(100, click).forEach(each -> replies.add(threads.submit(each)));
    }
    assertThat(replies).allSatisfy(reply -> assertThat(reply.resultNow().status()).isEqualTo(200));
    assertThat(hub.decisions()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "no json|body JSON is malformed at line 1, column",
        "{\"type\":\"approval.requested\"}|type must be approval.decide",
        "[]|type must be approval.decide",
        "{\"type\":\"approval.decide\"}|data must be an object",
        "{\"type\":\"approval.decide\",\"data\":{PERSON}}|data.token is required",
        "{\"type\":\"approval.decide\",\"data\":{\"token\":\"t\",PERSON}}|data.verdict is required",
        "{\"type\":\"approval.decide\",\"data\":{\"token\":1,\"verdict\":\"deny\",PERSON}}|data.token"
            + " must be a text",
        "{\"type\":\"approval.decide\",\"data\":{\"token\":\"t\",\"verdict\":\"yes\",PERSON}}|data.verdict"
            + " must be approve or deny",
        "{\"type\":\"approval.decide\",\"data\":{\"button\":\"a:b\",PERSON}}|data.button must be"
            + " one from actions",
        "{\"type\":\"approval.decide\",\"data\":{\"button\":\"ah:a:tttttttttttttttttttttt\",\"verdict\":\"deny\",PERSON}}|data.verdict"
            + " says something else",
        "{\"type\":\"approval.decide\",\"data\":{\"button\":\"ah:a:tttttttttttttttttttttt\",\"token\":\"t\",PERSON}}|data.token"
            + " must not come with a button",
        "{\"type\":\"approval.decide\",\"data\":{\"button\":\"ah:a:tttttttttttttttttttttt\"}}|data.person"
            + " must be an object",
        "{\"type\":\"approval.decide\",\"data\":{\"button\":\"ah:a:tttttttttttttttttttttt\",\"person\":{\"name\":\"x\"}}}|data.person.id"
            + " is required",
        "{\"type\":\"approval.decide\",\"data\":{\"button\":\"ah:a:tttttttttttttttttttttt\",\"person\":{\"id\":\""
            + " \"}}}|data.person.id is required",
        "{\"type\":\"approval.decide\",\"data\":{\"button\":\"ah:a:tttttttttttttttttttttt\",\"reason\":{},PERSON}}|data.reason"
            + " must be a text",
        "{\"type\":\"approval.decide\",\"data\":{\"button\":\"ah:a:tttttttttttttttttttttt\",\"modified_args\":\"{}\",PERSON}}|data.modified_args"
            + " must be an object",
        "{\"type\":\"approval.decide\",\"data\":{\"button\":\"ah:a:tttttttttttttttttttttt\",\"reason\":\"a\\u0000\",PERSON}}|data.reason"
            + " must not hold the character U+0000",
        "{\"type\":\"approval.decide\",\"data\":{\"token\":\"\\u0000\",\"verdict\":\"deny\",PERSON}}|data.token"
            + " must not hold",
        "{\"type\":\"approval.decide\",\"data\":{\"button\":\"ah:a:\\u0000\",PERSON}}|data.button"
            + " must not hold",
        "{\"type\":\"approval.decide\",\"data\":{\"button\":\"ah:a:tttttttttttttttttttttt\",\"person\":{\"id\":\"a1\\u0000\"}}}|data.person"
            + " must not hold",
        "{\"type\":\"approval.decide\",\"data\":{\"button\":\"ah:a:tttttttttttttttttttttt\",\"modified_args\":{\"a\":[\"\\u0000\"]},PERSON}}|data.modified_args"
            + " must not hold",
        "{\"type\":\"approval.decide\",\"data\":{\"button\":\"ah:a:tttttttttttttttttttttt\",\"modifed_args\":{},PERSON}}|data.modifed_args"
            + " is not known"
      })
  void aMalformedCallIsToldWhichField(String body, String detail) throws IOException {
    var whole =
        body.replace("PERSON", "\"person\":{\"id\":\"a1\"}")
            .replace("\"t\"", "\"" + approval.token() + "\"");
    var reply = receive("msg_1", whole.getBytes(UTF_8));
    assertThat(reply.status()).isEqualTo(422);
    assertThat(json(reply).path("detail").asText()).startsWith(detail);
    assertThat(hub.decisions()).isEmpty();
  }

  @Test
  void anyOfSeveralSecretsMaySign() throws IOException {
    try (var other = new FakeHub("other")) {
      other.allow(ALICE);
      var settings =
          Map.<String, Object>of(
              "url",
              "https://receiver.example/hook",
              "secret",
              "whsec_bmV3IG5ldyBuZXcgbmV3IG5ldyBuZXcgbmV3 " + SECRET);
      var both = other.open(new WebhookPlugin(), settings);
      var raised = other.raise("shell", "{}");
      var now = other.clock().instant();
      var body = DecideCall.body(raised.button(Action.APPROVE), ALICE);
      var third = "a third key of more than 24 bytes".getBytes(UTF_8);
      assertThat(both.receive(DecideCall.signed(third, "msg_1", now, body)).status())
          .isEqualTo(401);
      assertThat(both.receive(DecideCall.signed(KEY, "msg_1", now, body)).status()).isEqualTo(200);
    }
  }

  @Test
  void aCallThatBrokeMayComeAgain() {
    var memory = new ReplyMemory(Duration.ofMinutes(10));
    var now = hub.clock().instant();
    assertThatThrownBy(
            () ->
                memory.once(
                    "msg_1",
                    KEY,
                    now,
                    () -> {
                      throw new StackOverflowError();
                    }))
        .isInstanceOf(StackOverflowError.class);
    assertThat(memory.once("msg_1", KEY, now, () -> HttpReply.of(200)).orElseThrow().status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT"})
  void onlyAPostDecides(String method) throws IOException {
    var call = signed("msg_1", button(Action.APPROVE));
    var reply = channel.receive(new HttpCall(method, Map.of(), call.headers(), call.body()));
    assertThat(reply.status()).isEqualTo(405);
    assertThat(json(reply).path("status").intValue()).isEqualTo(405);
  }

  @Test
  void nothingBreaksIt() throws IOException {
    var random = new Random(20261121);
    var genuine = Json.text(button(Action.APPROVE)).getBytes(UTF_8);
    for (var round = 0; round < 2_000; round++) {
      var body = genuine.clone();
      for (var changes = random.nextInt(1, 6); changes > 0; changes--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      assertThat(receive("msg_" + round, body).status()).isBetween(200, 499);
    }
  }

  private HttpReply receive(String id, JsonNode body) throws IOException {
    return channel.receive(signed(id, body));
  }

  private HttpReply receive(String id, byte[] body) throws IOException {
    var headers = new TreeMap<String, List<String>>();
    StandardWebhook.headers(KEY, id, hub.clock().instant(), body)
        .forEach((name, value) -> headers.put(name, List.of(value)));
    return channel.receive(new HttpCall("POST", Map.of(), headers, body));
  }

  private HttpCall signed(String id, JsonNode body) {
    return DecideCall.signed(KEY, id, hub.clock().instant(), body);
  }

  private ObjectNode button(Action action) {
    return DecideCall.body(approval.button(action), ALICE);
  }

  private JsonNode verdict(String verdict, String more) throws IOException {
    return Json.parse(
        """
        {"type": "approval.decide", "data": {"token": "%s", "verdict": "%s", %s,
          "person": {"id": "a1", "name": "Alice"}}}
        """
            .formatted(approval.token(), verdict, more));
  }

  private void assertUnsigned(HttpCall call) throws IOException {
    var reply = channel.receive(call);
    assertThat(reply.status()).isEqualTo(401);
    assertThat(json(reply).path("status").intValue()).isEqualTo(401);
    assertThat(hub.decisions()).isEmpty();
  }

  private static HttpCall with(HttpCall call, String name, String... values) {
    var headers = new TreeMap<>(call.headers());
    headers.put(name, List.of(values));
    return new HttpCall(call.method(), call.query(), headers, call.body());
  }

  private static JsonNode json(HttpReply reply) throws IOException {
    return Json.parse(reply.body());
  }

  private static String text(HttpReply reply) {
    return new String(reply.body(), UTF_8);
  }
}
