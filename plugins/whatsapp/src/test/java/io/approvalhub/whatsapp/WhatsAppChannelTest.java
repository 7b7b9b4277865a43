package io.approvalhub.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.Person;
import io.approvalhub.plugin.Reader;
import io.approvalhub.plugin.Settings;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.Verdict;
import io.approvalhub.testkit.ChannelContract;
import io.approvalhub.testkit.FakeHub;
import io.approvalhub.testkit.FakePlatform;
import io.approvalhub.testkit.FakePlatform.Call;
import io.approvalhub.testkit.FakePlatform.Shown;
import io.approvalhub.testkit.FakePlatform.Trouble;
import io.approvalhub.testkit.FakeWhatsApp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WhatsAppChannelTest extends ChannelContract {

  private static final Duration A_DAY = Duration.ofHours(25);

  /// Alice, since she has a username.
  private static final Person HIDDEN = new Person("DE.13491208655302741918", "Alice");

  private final FakeWhatsApp whatsApp = new FakeWhatsApp();

  @Override
  protected FakePlatform platform() {
    return whatsApp;
  }

  @Override
  protected NotificationPlugin plugin() {
    return new WhatsAppPlugin();
  }

  @Override
  protected List<String> required() {
    return List.of(
        "access-token", "phone-number-id", "to", "app-secret", "verify-token", "template");
  }

  @Override
  protected List<String> secrets() {
    return List.of("access-token", "app-secret", "verify-token");
  }

  @Override
  protected List<String> nobodies() {
    return List.of("+49 151 12345678", "+4915112345678", "015112345678", "@alice", "alice", "DE.");
  }

  @Override
  protected Map<String, Object> malformed() {
    return Map.of(
        "api", "graph.facebook.com",
        "access-token", "two words",
        "phone-number-id", "+1 555 0100",
        "to", "+49 151 12345678",
        "template", "Approval Request");
  }

  @Override
  protected boolean edits() {
    return false;
  }

  @Override
  protected boolean saysWhatWasPressed() {
    return true;
  }

  /// There is one person in a conversation, whoever else writes to the number.
  @Override
  protected Person person(String name) {
    return List.of("Alice", "Bob").contains(name)
        ? new Person(FakeWhatsApp.PERSON, "Alice")
        : super.person(name);
  }

  // The window of 24 hours

  @Test
  void theTemplateIsSentWhenThePersonHasNotWrittenForADay() throws IOException {
    aDayPasses();
    var approval = raised();
    var message = shown(approval);
    assertThat(types()).containsExactly("template");
    assertThat(message.text())
        .contains("delete_files", "Agent: coder", "High risk, says the agent", "cleaning up")
        .contains("{ \"path\": \"/var/cache\", \"recursive\": true }");
    assertThat(whatsApp.press(message, "Approve", alice())).isEmpty();
    assertDecided(approval, Verdict.APPROVE, alice());
  }

  @Test
  void theTemplateDeniesToo() throws IOException {
    aDayPasses();
    var approval = raised();
    whatsApp.press(shown(approval), "Deny", alice());
    assertDecided(approval, Verdict.DENY, alice());
  }

  @Test
  void theTemplateApprovesOnlyWhatItShows() throws IOException {
    aDayPasses();
    for (var arguments : List.of("x".repeat(500), "four    spaces", "a ``` fence")) {
      var approval = hub.raise("shell", Json.text(Json.object().put("command", arguments)));
      var template = shown(approval);
      assertThat(template.buttons()).containsOnlyKeys(Action.DENY);
      assertThat(template.text()).contains("it is shown in full before it can be approved");

      whatsApp.press(template, "Approve", alice());
      var prompt = awaitNext(template);
      assertThat(whatsApp.press(template, "Approve", alice())).contains("the newest message");
      assertNothingDecided(approval);
      assertThat(prompt.text() + prompt.attachments()).contains(arguments);
      click(prompt, Action.APPROVE, alice());
      assertDecided(approval, Verdict.APPROVE, alice());
      aDayPasses();
    }
  }

  @Test
  void wordsApproveOnlyWhatWasShown() throws IOException {
    aDayPasses();
    var approval = hub.raise("shell", Json.text(Json.object().put("command", "x".repeat(500))));
    var template = shown(approval);
    for (var words : List.of("approve", "/approve " + approval.id())) {
      assertThat(whatsApp.say(Optional.of(template), words, alice())).contains("Not all of that");
    }
    assertNothingDecided();
    whatsApp.press(template, "Show in full", alice());
    awaitNext(template);
    whatsApp.say(Optional.empty(), "/approve " + approval.id(), alice());
    assertDecided(approval, Verdict.APPROVE, alice());
  }

  @Test
  void theFirstButtonOfTheTemplateShowsEverything() throws IOException {
    aDayPasses();
    var approval = raised();
    var template = shown(approval);
    whatsApp.press(template, "Show in full", alice());
    assertThat(awaitNext(template).buttons()).containsOnlyKeys(approval.actions());
    assertThat(whatsApp.press(template, "Show in full", alice())).isEmpty();
    assertNothingDecided();
  }

  @Test
  void theTemplateOfADecidedRequestSaysSo() throws IOException {
    aDayPasses();
    var approval = raised();
    var template = shown(approval);
    hub.expire(approval.id());
    assertThat(whatsApp.press(template, "Show in full", alice())).contains("Already expired");
    assertThat(whatsApp.press(template, "Approve", alice())).contains("Already expired");
  }

  @Test
  void aWindowThatClosedUnnoticedIsLearntFromTheRefusal() throws IOException {
    whatsApp.turn(A_DAY);
    shown(raised());
    assertThat(types()).containsExactly("interactive", "template");
    shown(raised());
    assertThat(types()).containsExactly("interactive", "template", "template");
  }

  @Test
  void aWindowThatClosedUnnoticedIsLearntFromTheFailure() throws IOException {
    whatsApp.turn(A_DAY);
    whatsApp.beCareless();
    var approval = raised();
    var lost = hub.show(approval);
    assertThat(whatsApp.shown()).isEmpty();
    whatsApp.fail(lost, WhatsAppApi.WINDOW_CLOSED);
    await().until(() -> whatsApp.shown().size() == 1);
    assertThat(types()).containsExactly("interactive", "template");
    whatsApp.press(whatsApp.shown().getFirst(), "Approve", alice());
    assertDecided(approval, Verdict.APPROVE, alice());
  }

  @Test
  void anOldFailureDoesNotCloseTheWindow() throws IOException {
    var message = hub.show(raised());
    hub.turn(Duration.ofMinutes(1));
    whatsApp.turn(Duration.ofMinutes(1));
    whatsApp.fail(message, WhatsAppApi.WINDOW_CLOSED, Duration.ofSeconds(90));
    await().until(() -> whatsApp.shown().size() == 2);
    assertThat(types()).containsExactly("interactive", "interactive");
  }

  @Test
  void onlyThePersonOpensTheWindow() throws IOException {
    aDayPasses();
    whatsApp.say(Optional.empty(), "Hello", person("Mallory"));
    shown(raised());
    whatsApp.say(Optional.empty(), "Hello", alice());
    shown(raised());
    assertThat(types()).containsExactly("template", "interactive");
  }

  @Test
  void theOutcomeIsToldWhenTheWindowOpens() throws IOException {
    aDayPasses();
    var approval = raised();
    shown(approval);
    hub.expire(approval.id());
    hub.bringUp(approval);
    assertThat(message(approval).edits()).isZero();
    whatsApp.say(Optional.empty(), "Good morning", alice());
    await().until(() -> message(approval).edits() == 1);
    assertThat(message(approval).text()).contains("Expired");
    whatsApp.say(Optional.empty(), "Thanks", alice());
    assertThat(message(approval).edits()).isEqualTo(1);
  }

  @Test
  void aTemplateThatIsNotThereStopsTheChannel() throws IOException {
    var settings = new HashMap<>(whatsApp.settings());
    settings.put("template", "no_such_template");
    try (var other = new FakeHub("other")) {
      other.open(plugin(), settings);
      assertThatThrownBy(() -> other.show(other.raise("shell", "{}")))
          .isInstanceOf(StoppedException.class)
          .hasMessageContaining("'no_such_template' in language 'en'");
    }
  }

  @Test
  void theTemplateInConfigIsTheOneThatIsSent() throws IOException {
    var template = Json.parse(Files.readString(Path.of("../../config/whatsapp-template.json")));
    var token = Map.of("Authorization", "Bearer " + whatsApp.settings().get("access-token"));
    try (var client = HttpClient.newHttpClient()) {
      assertThat(JsonHttp.post(client, whatsApp.templates(), token, template).status())
          .isEqualTo(200);
    }
    assertThat(template.path("name").asText()).isEqualTo(whatsApp.settings().get("template"));
    aDayPasses();
    var longest = "x".repeat(5_000);
    var options = FakeHub.Options.PLAIN.reason(longest);
    var approval = hub.raise(longest, Json.text(Json.object().put("text", longest)), options);
    assertThat(shown(approval).text()).contains("An agent asks to run xxx", "It waits until");
  }

  // What does not fit

  @Test
  void aFileComesInTheSameMessage() throws IOException {
    var approval = hub.raise("write", Json.text(Json.object().put("text", "x".repeat(2_000))));
    var message = shown(approval);
    assertThat(message.attachments()).hasSize(1);
    assertThat(message.buttons()).containsOnlyKeys(approval.actions());
    assertThat(message.text()).contains("more characters", "in the file text.txt");
    assertThat(whatsApp.calls()).extracting(Call::name).containsExactly("media", "messages");
  }

  @Test
  void moreActionsComeAsAList() throws IOException {
    var approval = remembering("{}");
    var message = shown(approval);
    assertThat(body(whatsApp.calls().getLast()).at("/interactive/type").asText()).isEqualTo("list");
    assertThat(message.buttons()).containsOnlyKeys(Action.values());
    assertThat(message.text()).contains("Remembering covers: calls of shell in this session");
  }

  @Test
  void aListMakesRoomForAFile() throws IOException {
    var approval = remembering(Json.text(Json.object().put("text", "x".repeat(2_000))));
    var message = shown(approval);
    assertThat(message.attachments()).singleElement().isEqualTo("x".repeat(2_000));
    assertThat(message.buttons())
        .containsOnlyKeys(Action.APPROVE, Action.APPROVE_AND_REMEMBER, Action.DENY);
    whatsApp.say(Optional.of(message), "deny because of x", alice());
    assertThat(assertDecided(approval, Verdict.DENY, alice()).reason()).contains("of x");
  }

  @Test
  void everyLengthIsTaken() throws IOException {
    for (var length = 0; length < 1_100; length += 7) {
      whatsApp.turn(Duration.ofSeconds(6));
      var value = "e*".repeat(length / 2);
      var approval = hub.raise("tool" + value, Json.text(Json.object().put("a", value)));
      shown(approval);
      assertThat(said(approval)).contains(value);
      assertThat(said(approval)).contains(approval.parts().getFirst().text());
    }
  }

  @Test
  void everyLengthIsTakenInATemplate() throws IOException {
    aDayPasses();
    for (var length = 0; length < 600; length += 7) {
      whatsApp.turn(Duration.ofSeconds(6));
      var value = "e* ".repeat(length / 3);
      var approval = hub.raise("tool" + value, Json.text(Json.object().put("a", value)));
      var message = shown(approval);
      if (message.buttons().containsKey(Action.APPROVE)) {
        assertThat(message.text()).contains("{ \"a\": \"" + value + "\" }");
      }
    }
  }

  // What becomes of it

  @Test
  void anOutcomeIsSaidOnce() throws IOException {
    var approval = raised();
    click(shown(approval), Action.APPROVE, alice());
    hub.bringUp(approval);
    hub.bringUp(approval);
    assertThat(message(approval).edits()).isEqualTo(1);
    hub.delivered(approval.id(), DeliveryStatus.DELIVERED);
    hub.bringUp(approval);
    hub.bringUp(approval);
    assertThat(message(approval).edits()).isEqualTo(2);
  }

  @Test
  void timesAreThoseOfTheReader() throws IOException {
    hub.readBy(new Reader(Locale.GERMAN, ZoneId.of("Asia/Kolkata")));
    var approval = hub.raise("rm", "{}", FakeHub.Options.PLAIN.expiring(Duration.ofMinutes(12)));
    assertThat(shown(approval).text())
        .containsPattern("Läuft um \\d\\d:\\d\\d IST ab, 12 Minuten nach der Anfrage");
    click(message(approval), Action.DENY, alice());
    hub.bringUp(approval);
    assertThat(message(approval).text())
        .containsPattern("Abgelehnt von Alice \\(über ops um \\d\\d:\\d\\d IST\\)");
  }

  @Test
  void aMessageThatThePlatformDroppedIsPostedAgain() throws IOException {
    for (var code : List.of(WhatsAppApi.PAIR_RATE, WhatsAppApi.THROUGHPUT)) {
      var approval = raised();
      var dropped = shown(approval);
      whatsApp.fail(dropped.ref(), code);
      click(awaitNext(dropped), Action.APPROVE, alice());
      assertDecided(approval, Verdict.APPROVE, alice());
    }
  }

  @Test
  void aMessageThatCannotArriveRaisesTheAlarm() throws IOException {
    var message = shown(raised());
    whatsApp.fail(message.ref(), WhatsAppApi.UNDELIVERABLE);
    whatsApp.fail(message.ref(), 131049);
    assertThat(hub.troubles())
        .containsExactly(
            "The recipient cannot be reached on WhatsApp: code 131026",
            "WhatsApp dropped a message: code 131049, Not delivered");
    assertThat(whatsApp.shown()).hasSize(1);
  }

  // What comes in

  @Test
  void theAddressIsConfirmedToWhoeverKnowsTheToken() {
    assertThat(whatsApp.verify("verify-token-of-the-operator")).contains("1158201444");
    assertThat(whatsApp.verify("verify-token-of-somebody")).isEmpty();
    assertThat(whatsApp.verify("")).isEmpty();
  }

  @Test
  void aCallThatComesAgainDoesNothing() throws IOException {
    var approval = raised();
    click(shown(approval), Action.APPROVE, alice());
    var calls = whatsApp.calls().size();
    whatsApp.redeliver();
    try (var restarted = plugin().open(new Settings("", whatsApp.settings()), hub)) {
      assertThat(restarted.receive(whatsApp.lastCallback()).status()).isEqualTo(200);
    }
    click(shown(raised()), Action.DENY, alice());
    assertThat(whatsApp.calls()).hasSize(calls + 1);
  }

  @Test
  void oneCallMayBringSeveralMessages() throws IOException {
    var message = shown(raised());
    var other = shown(raised());
    var first = whatsApp.written(alice(), message.ref().id(), "thanks", "deny: one");
    first.putArray("statuses").addObject().put("id", message.ref().id()).put("status", "read");
    var second = whatsApp.written(alice(), other.ref().id(), "deny: two", "deny: three");
    assertThat(channel.receive(whatsApp.signed(first, second)).status()).isEqualTo(200);
    assertThat(hub.decisions())
        .extracting(decision -> decision.reason().orElseThrow())
        .containsExactly("one", "two");
  }

  @Test
  void whatIsUnknownIsIgnored() throws IOException {
    var message = shown(raised());
    var unknown = whatsApp.written(alice(), message.ref().id(), "approve");
    for (var type : List.of("reaction", "unsupported", "carrier_pigeon")) {
      var value = unknown.deepCopy();
      value.withObject("/messages/0").put("type", type).remove("text");
      assertThat(channel.receive(whatsApp.signed(value)).status()).isEqualTo(200);
    }
    var elsewhere = unknown.deepCopy();
    elsewhere.withObject("/metadata").put("phone_number_id", "1");
    for (var value : List.<JsonNode>of(elsewhere, Json.object(), Json.array())) {
      assertThat(channel.receive(whatsApp.signed(value)).status()).isEqualTo(200);
    }
    assertNothingDecided();
    assertThat(hub.troubles()).isEmpty();
  }

  @Test
  void wordsBeyondAsciiArriveAsTheyWereWritten() throws IOException {
    var approval = raised();
    whatsApp.say(Optional.of(shown(approval)), "deny because Zoë/Ünal says «нет» 👍🏽", alice());
    assertThat(assertDecided(approval, Verdict.DENY, alice()).reason())
        .contains("Zoë/Ünal says «нет» 👍🏽");
  }

  @Test
  void aReasonIsNotAskedForWhenItIsTooLate() throws IOException {
    var approval = raised();
    var message = shown(approval);
    click(message, Action.APPROVE, alice());
    assertThat(whatsApp.click(message, Action.DENY_WITH_REASON, alice(), Optional.of("late")))
        .contains("Already approved by Alice");
  }

  @Test
  void aQuestionThatWasLostStillTakesItsAnswer() throws IOException {
    var approval = raised();
    var message = shown(approval);
    fake.trouble(Trouble.ANSWER_LOST, 1);
    whatsApp.click(message, Action.DENY_WITH_REASON, alice(), Optional.of("no reason"));
    assertThat(assertDecided(approval, Verdict.DENY, alice()).reason()).contains("no reason");
  }

  @Test
  void theAnswerToAQuestionCanOnlyDeny() throws IOException {
    var approval = raised();
    var message = shown(approval);
    click(message, Action.DENY_WITH_REASON, alice());
    await().until(() -> message(approval).edits() == 1);
    var question = whatsApp.newest();
    whatsApp.say(question, "approve", alice());
    assertNothingDecided();
    whatsApp.say(question, "deny because of that", alice());
    assertThat(assertDecided(approval, Verdict.DENY, alice()).reason()).contains("of that");
  }

  @Test
  void strangersWhoSayNothingHearNothing() throws IOException {
    var message = shown(raised());
    assertThat(whatsApp.say(Optional.empty(), "Who is this?", person("Mallory"))).isEmpty();
    assertThat(whatsApp.say(Optional.of(message), "deny", person("Mallory")))
        .isEqualTo("You may not decide here");
    assertNothingDecided();
  }

  @Test
  void whatWasForwardedDecidesNothingHoweverItIsMarked() throws IOException {
    var approval = raised();
    var message = shown(approval);
    for (var mark : List.of("forwarded", "frequently_forwarded")) {
      for (var words : List.of("/approve " + approval.id(), "approve", "deny because of that")) {
        var forwarded = whatsApp.written(alice(), message.ref().id(), words);
        forwarded.withObject("/messages/0/context").put(mark, true);
        assertThat(whatsApp.send(forwarded)).startsWith("What was forwarded decides nothing");
      }
    }
    assertNothingDecided();
    whatsApp.say(Optional.of(message), "approve", alice());
    assertDecided(approval, Verdict.APPROVE, alice());
  }

  @Test
  void aReasonThatWasForwardedIsNone() throws IOException {
    var approval = raised();
    click(shown(approval), Action.DENY_WITH_REASON, alice());
    await().until(() -> message(approval).edits() == 1);
    var reason = whatsApp.written(alice(), whatsApp.newest(), "because Mallory says so");
    reason.withObject("/messages/0/context").put("forwarded", true);
    assertThat(whatsApp.send(reason)).startsWith("What was forwarded decides nothing");
    assertNothingDecided();
  }

  @Test
  void aMessageThatBreaksSomethingIsPassedOverAndAnswered() throws IOException {
    var approval = raised();
    var message = shown(approval);
    for (var error : List.of(new StackOverflowError(), new NoClassDefFoundError("x"))) {
      hub.stumble(error);
      assertThat(click(message, Action.APPROVE, alice())).startsWith("Something went wrong here");
    }
    assertNothingDecided();
    assertThat(hub.troubles()).hasSize(2).allMatch(it -> it.startsWith("Passed over a message: "));
    click(message, Action.APPROVE, alice());
    assertDecided(approval, Verdict.APPROVE, alice());
  }

  // Who it is

  @Test
  void somebodyWhoseNumberIsHiddenDecidesByTheirUserId() throws IOException {
    hub.allow(HIDDEN);
    var approval = raised();
    assertThat(click(shown(approval), Action.APPROVE, HIDDEN)).isEmpty();
    assertDecided(approval, Verdict.APPROVE, HIDDEN);
    var other = raised();
    whatsApp.click(shown(other), Action.DENY_WITH_REASON, HIDDEN, Optional.of("no reason"));
    assertThat(assertDecided(other, Verdict.DENY, HIDDEN).reason()).contains("no reason");
    assertThat(hub.troubles()).isEmpty();
  }

  @Test
  void somebodyWhoseNumberIsHiddenAndWhomNobodyKnowsIsToldAndSeen() throws IOException {
    var message = shown(raised());
    assertThat(click(message, Action.APPROVE, HIDDEN)).contains("You may not decide here");
    assertNothingDecided();
    assertThat(hub.troubles()).singleElement().asString().contains("whatsapp: " + HIDDEN.id());
  }

  @Test
  void aUserIdMayStandWhereTheNumberDid() throws IOException {
    hub.allow(HIDDEN);
    var approval = raised();
    var press = whatsApp.pressed(shown(approval), Action.APPROVE, HIDDEN);
    var inbound = press.withObject("/messages/0");
    inbound.set("from", inbound.remove("from_user_id"));
    whatsApp.send(press);
    assertDecided(approval, Verdict.APPROVE, HIDDEN);
  }

  @Test
  void aUserIdMayBeWrittenTo() throws IOException {
    var settings = new HashMap<>(whatsApp.settings());
    settings.put("to", HIDDEN.id());
    try (var other = new FakeHub("other")) {
      other.allow(HIDDEN);
      var direct = other.open(plugin(), settings);
      whatsApp.say(Optional.empty(), "Hello", HIDDEN);
      other.show(other.raise("shell", "{}"));
      var sent = body(whatsApp.calls().getLast());
      assertThat(sent.path("recipient").asText()).isEqualTo(HIDDEN.id());
      assertThat(sent.has("to")).isFalse();
      var press = whatsApp.pressed(whatsApp.shown().getLast(), Action.APPROVE, HIDDEN);
      // Who does not hide the number is named by both.
      press.withObject("/messages/0").put("from", FakeWhatsApp.PERSON);
      direct.receive(whatsApp.signed(press));
      assertThat(other.decisions()).extracting(it -> it.person().id()).containsExactly(HIDDEN.id());
    }
  }

  @Test
  void aNumberThatThePlatformWritesOtherwiseIsTheSamePerson() throws IOException {
    var otherwise = new Person("5491512345678", "Alice");
    assertThat(whatsApp.say(Optional.of(shown(raised())), "approve", otherwise))
        .isEqualTo("You may not decide here");
    whatsApp.call(otherwise.id());
    var approval = raised();
    click(shown(approval), Action.APPROVE, otherwise);
    assertDecided(approval, Verdict.APPROVE, alice());
    assertThat(hub.troubles()).isEmpty();
  }

  @Test
  void aPersonWhoTakesAUsernameIsStillTheSame() throws IOException {
    var first = raised();
    var press = whatsApp.pressed(shown(first), Action.APPROVE, alice());
    press.withObject("/messages/0").put("from_user_id", HIDDEN.id());
    whatsApp.send(press);
    assertDecided(first, Verdict.APPROVE, alice());
    var second = raised();
    click(shown(second), Action.APPROVE, HIDDEN);
    assertDecided(second, Verdict.APPROVE, alice());
    assertThat(hub.troubles()).isEmpty();
  }

  /// Since the last message of the person, for the platform and for the hub.
  private void aDayPasses() {
    whatsApp.turn(A_DAY);
    hub.turn(A_DAY);
  }

  private Approval remembering(String arguments) {
    return hub.raise(
        "shell", arguments, FakeHub.Options.PLAIN.remembering("calls of shell in this session"));
  }

  /// The message that shows the request after this one did.
  private Shown awaitNext(Shown message) {
    await().until(() -> !whatsApp.shown().getLast().ref().equals(message.ref()));
    return whatsApp.shown().getLast();
  }

  private void assertNothingDecided(Approval approval) {
    assertThat(hub.approval(approval.id()).pending()).isTrue();
  }

  /// The types of the messages that the channel tried to send.
  private List<String> types() {
    return whatsApp.calls().stream()
        .filter(call -> call.name().equals("messages"))
        .map(call -> body(call).path("type").asText())
        .toList();
  }

  private static JsonNode body(Call call) {
    try {
      return Json.parse(call.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
