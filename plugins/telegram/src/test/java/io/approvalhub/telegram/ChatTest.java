package io.approvalhub.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Status;
import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Person;
import io.approvalhub.plugin.RefusedException;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import io.approvalhub.testkit.FakeHub;
import io.approvalhub.testkit.FakePlatform.Call;
import io.approvalhub.testkit.FakePlatform.Shown;
import io.approvalhub.testkit.FakePlatform.Trouble;
import io.approvalhub.testkit.FakeTelegram;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What people and Telegram do in a chat, beyond what they do on every platform.
@Timeout(30)
class ChatTest {

  private static final Person ALICE = new Person("42", "Alice");
  private static final Person BOB = new Person("43", "Bob");
  private static final Person MALLORY = new Person("44", "Mallory");
  private static final long SUPERGROUP = -1_009_000_000_001L;

  private final FakeTelegram telegram = FakeTelegram.polled();
  private final FakeHub hub = new FakeHub("ops");
  private Channel channel = open();

  @BeforeEach
  void allow() {
    hub.allow(ALICE, BOB);
  }

  @AfterEach
  void close() {
    hub.close();
    telegram.close();
  }

  @Test
  void aReplyDecidesTheMessageThatItQuotes() throws IOException {
    var first = show();
    var second = show();
    assertThat(say(first, "Deny: too late today", ALICE)).isEqualTo("Denied: delete_files");
    assertThat(say(second, "approve", BOB)).isEqualTo("Approved: delete_files");
    assertThat(approval(first).ending().orElseThrow().reason()).contains("too late today");
    assertThat(approval(second).status()).isEqualTo(Status.APPROVED);
  }

  @Test
  void aCommandMayNameTheBot() throws IOException {
    var message = show();
    write("/approve@approvals_bot " + approval(message).id(), ALICE);
    assertThat(approval(message).status()).isEqualTo(Status.APPROVED);
  }

  @Test
  void whatIsSaidElsewhereDecidesNothing() throws IOException {
    var message = show();
    var elsewhere = Json.object().put("id", -77).put("type", "group");
    var text = message("/approve " + approval(message).id(), FakeTelegram.user(ALICE));
    telegram.raise("message", text.set("chat", elsewhere));
    var query = telegram.callback(message, data(message), FakeTelegram.user(ALICE));
    query.withObject("/message").set("chat", elsewhere);
    assertThat(telegram.press(query)).isEqualTo("This button belongs to another chat");
    assertThat(hub.decisions()).isEmpty();
  }

  @Test
  void botsAndAnonymousAdministratorsAreNobody() throws IOException {
    var message = show();
    var command = "/approve " + approval(message).id();
    hub.allow(ALICE, new Person("1087968824", "Group"), new Person("99", "Robot"));
    telegram.raise("message", message(command, user(99).put("is_bot", true)));
    telegram.raise("message", message(command, user(1_087_968_824)));
    var channel = message(command, FakeTelegram.user(ALICE));
    channel.putObject("sender_chat").put("id", -1_005L).put("type", "channel");
    telegram.raise("message", channel);
    assertThat(hub.decisions()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'forward_origin':{'type':'user','date':1,'sender_user':{'id':666,'first_name':'M'}}} |"
            + " What was forwarded",
        "{'forward_origin':{'type':'hidden_user','date':1,'sender_user_name':'Alice'}} | What was"
            + " forwarded",
        "{'forward_date':1,'forward_sender_name':'M'} | What was forwarded",
        "{'is_automatic_forward':true} | What was forwarded",
        "{'via_bot':{'id':7,'is_bot':true,'first_name':'B'}} | What came through another bot",
        "{'sender_business_bot':{'id':7,'is_bot':true,'first_name':'B'}} | What came through"
            + " another bot",
        "{'business_connection_id':'b'} | What was written to somebody else",
        "{'external_reply':{'origin':{'type':'user','date':1}}} | An answer to a message elsewhere",
        "{'edit_date':1} | What was edited",
        "{'is_from_offline':true} | What was scheduled",
        "{'sender_chat':{'id':-5,'type':'channel'}} | What is written in the name of a group",
        "{'telepathy':true} | A message with telepathy",
      })
  void wordsThatMayBeSomebodyElsesDecideNothingAndSaySo(String besides, String why)
      throws IOException {
    var message = show();
    var command = telegram.written(Optional.empty(), approve(message), ALICE);
    var reply = telegram.written(Optional.of(message), "approve", ALICE);
    var more = (ObjectNode) Json.parse(besides.replace('\'', '"'));
    assertThat(telegram.send("message", command.setAll(more)))
        .startsWith(why)
        .contains(" decides nothing");
    assertThat(telegram.send("message", reply.setAll(more))).startsWith(why);
    assertThat(hub.decisions()).isEmpty();
    assertThat(say(message, "approve", ALICE)).isEqualTo("Approved: delete_files");
  }

  @Test
  void anAnswerThatWasEditedOrPostedInAChannelDecidesNothing() throws IOException {
    var message = show();
    var edited = telegram.written(Optional.of(message), "approve", ALICE).put("edit_date", 2);
    assertThat(telegram.send("edited_message", edited)).startsWith("What was edited");
    var undated = telegram.written(Optional.of(message), "approve", ALICE);
    assertThat(telegram.send("edited_message", undated)).startsWith("What was edited");
    var post = telegram.written(Optional.empty(), approve(message), ALICE);
    post.remove("from");
    post.putObject("sender_chat").put("id", -5).put("type", "channel");
    assertThat(telegram.send("channel_post", post)).contains("decides nothing");
    assertThat(hub.decisions()).isEmpty();
  }

  @Test
  void aReplyToAMessageOfAnotherChatDecidesNothing() throws IOException {
    var message = show();
    var reply = telegram.written(Optional.of(message), "approve", ALICE);
    reply.withObject("/reply_to_message/chat").put("id", -77);
    assertThat(telegram.send("message", reply)).startsWith("An answer to a message elsewhere");
    assertThat(hub.decisions()).isEmpty();
  }

  @Test
  void aCommandToAnotherBotDecidesNothing() throws IOException {
    var message = show();
    var id = approval(message).id();
    assertThat(write("/approve@other_bot " + id, ALICE)).startsWith("@other_bot is not me");
    assertThat(say(message, "deny@other_bot", ALICE)).startsWith("@other_bot is not me");
    assertThat(hub.decisions()).isEmpty();
    assertThat(write("/approve@Approvals_Bot " + id, ALICE)).isEqualTo("Approved: delete_files");
  }

  @Test
  void aReasonThatWasForwardedIsNone() throws IOException {
    var message = show();
    click(message, Action.DENY_WITH_REASON, ALICE);
    await().until(() -> question().isPresent());
    var reason = telegram.written(question(), "because Mallory says so", ALICE);
    reason.putObject("forward_origin").put("type", "user").put("date", 1);
    assertThat(telegram.send("message", reason)).startsWith("What was forwarded");
    assertThat(hub.decisions()).isEmpty();
  }

  @Test
  void aButtonThatNobodyKnowsIsAnsweredAndDecidesNothing() throws IOException {
    var message = show();
    assertThat(press(message, "ah:a:\u0000")).isEqualTo("That request is gone");
    assertThat(hub.decisions()).isEmpty();
  }

  @Test
  void anUpdateThatBreaksSomethingIsPassedOverAndAnswered() throws IOException {
    var message = show();
    for (var error : List.of(new StackOverflowError(), new NoClassDefFoundError("x"))) {
      hub.stumble(error);
      assertThat(press(message, data(message))).startsWith("Something went wrong here");
      hub.stumble(error);
      assertThat(say(message, "approve", ALICE)).startsWith("Something went wrong here");
    }
    assertThat(hub.decisions()).isEmpty();
    assertThat(hub.troubles())
        .hasSize(4)
        .allMatch(trouble -> trouble.matches("Passed over update \\d+: java.lang.*Error at .*"));
    assertThat(click(message, Action.APPROVE, ALICE)).isEmpty();
    assertThat(hub.decisions()).hasSize(1);
  }

  @Test
  void aButtonOfAnotherMessageDecidesNothing() throws IOException {
    var first = show();
    var second = show();
    var query = telegram.callback(first, data(second), FakeTelegram.user(ALICE));
    assertThat(telegram.press(query)).isEqualTo("That request is gone");
    assertThat(press(first, "ah:a:" + "x".repeat(22))).isEqualTo("That request is gone");
    assertThat(press(first, "someone else's")).isEqualTo("That request is gone");
    assertThat(hub.decisions()).isEmpty();
  }

  @Test
  void aCopyWhoseReferenceWasNotSavedWorksToo() throws IOException {
    var approval = raise();
    channel.post(approval);
    var copy = telegram.shown().getLast();
    telegram.click(copy, Action.DENY_WITH_REASON, ALICE, Optional.of("too risky"));
    assertThat(hub.approval(approval.id()).ending().orElseThrow().reason()).contains("too risky");
  }

  @Test
  void aMessageTooOldToBeSeenCanBeDecided() throws IOException {
    var first = show();
    var second = show();
    telegram.age();
    click(first, Action.APPROVE, ALICE);
    telegram.click(second, Action.DENY_WITH_REASON, BOB, Optional.of("no"));
    assertThat(hub.decisions()).hasSize(2);
  }

  @Test
  void onlyWhoWasAskedGivesTheReason() throws IOException {
    var message = show();
    click(message, Action.DENY_WITH_REASON, ALICE);
    await().until(() -> question().isPresent());
    var question = question().orElseThrow();
    assertThat(say(question, "do not deny it!", BOB)).isEmpty();
    assertThat(say(question, "deny because I say so", BOB)).startsWith("Reply to the request");
    assertThat(hub.decisions()).isEmpty();
    assertThat(say(question, "it is Friday", ALICE)).isEqualTo("Denied: delete_files");
    assertThat(approval(message).ending().orElseThrow().reason()).contains("it is Friday");
  }

  @Test
  void whoWasAskedForAReasonMayThinkBetterOfIt() throws IOException {
    var message = show();
    telegram.click(message, Action.DENY_WITH_REASON, ALICE, Optional.of("approve"));
    assertThat(approval(message).status()).isEqualTo(Status.APPROVED);
    assertThat(hub.decisions().getFirst().reason()).isEmpty();
  }

  @Test
  void nobodyIsAskedWhyOnceItIsDecided() throws IOException {
    var message = show();
    click(message, Action.APPROVE, ALICE);
    assertThat(click(message, Action.DENY_WITH_REASON, BOB)).startsWith("Already approved");
    assertThat(click(message, Action.DENY_WITH_REASON, MALLORY)).startsWith("You may not");
    assertThat(question()).isEmpty();
  }

  @Test
  void theQuestionIsForOnePersonAndQuotesTheRequest() throws IOException {
    var message = show();
    click(message, Action.DENY_WITH_REASON, ALICE);
    await().until(() -> question().isPresent());
    var body = body(called("sendMessage").getLast());
    assertThat(body.path("reply_markup").path("force_reply").asBoolean()).isTrue();
    assertThat(body.path("reply_markup").path("selective").asBoolean()).isTrue();
    assertThat(body.path("reply_parameters").path("message_id").asText())
        .isEqualTo(message.ref().id());
    assertThat(body.path("text").asText()).startsWith("<a href=\"tg://user?id=42\">Alice</a>");
  }

  @Test
  void inABroadcastChannelNobodyIsAskedWhy() throws IOException {
    var message = show();
    var data = Optional.ofNullable(message.buttons().get(Action.DENY_WITH_REASON)).orElseThrow();
    var query = telegram.callback(message, data, FakeTelegram.user(ALICE));
    query.withObject("/message/chat").put("type", "channel");
    assertThat(telegram.press(query)).contains("press Deny");
    assertThat(question()).isEmpty();
  }

  @Test
  void onlyRefusalsInterruptThePerson() throws IOException {
    var message = show();
    click(message, Action.APPROVE, ALICE);
    click(message, Action.APPROVE, BOB);
    var answers = called("answerCallbackQuery").stream().map(ChatTest::body).toList();
    assertThat(answers.getFirst().has("text")).isFalse();
    assertThat(answers.getLast().path("show_alert").asBoolean()).isTrue();
  }

  @Test
  void anAnswerIsCutToWhatTelegramShows() throws IOException {
    hub.allow(new Person(ALICE.id(), "Alice ".repeat(50)), BOB);
    var message = show();
    click(message, Action.APPROVE, ALICE);
    assertThat(click(message, Action.APPROVE, BOB)).hasSizeBetween(150, 200);
  }

  @Test
  void anAnswerThatIsTooLateIsNoTrouble() throws IOException {
    var message = show();
    telegram.beLate();
    click(message, Action.APPROVE, ALICE);
    click(message, Action.APPROVE, ALICE);
    assertThat(hub.decisions()).hasSize(1);
    assertThat(hub.troubles()).isEmpty();
  }

  @Test
  void markupThatIsNotUnderstoodIsLeftOut() throws IOException {
    telegram.refuseMarkup();
    var approval = hub.raise("rm @everyone", "{\"big\":\"" + "<b>@x </b>".repeat(300) + "\"}");
    hub.show(approval);
    var message = telegram.shown().getFirst();
    assertThat(message.text()).contains("rm @everyone", "<b>@x </b>");
    assertThat(message.attachments()).singleElement().asString().contains("<b>@x </b>".repeat(300));
    assertThat(message.pings()).isEmpty();
    click(message, Action.APPROVE, ALICE);
    hub.bringUp(approval);
    assertThat(telegram.shown().getFirst().text()).contains("Approved by Alice");
    assertThat(telegram.shown().getFirst().pings()).isEmpty();
  }

  @Test
  void nothingThatOthersWroteTakesEffect() throws IOException {
    var hostile = "/start #tag @everyone https://evil.example evil.com <a href='x'>y</a>";
    var options = FakeHub.Options.PLAIN.reason(hostile).risk(hostile);
    var approval = hub.raise(hostile, "{\"" + hostile + "\":\"" + hostile + "\"}", options);
    hub.show(approval);
    var message = telegram.shown().getFirst();
    assertThat(effects(message)).containsOnly("bold", "code", "pre");
    telegram.click(message, Action.DENY_WITH_REASON, ALICE, Optional.of(hostile));
    hub.bringUp(approval);
    assertThat(telegram.shown().getFirst().text()).startsWith("Denied by Alice: " + hostile);
    assertThat(effects(message)).containsOnly("code", "date_time", "expandable_blockquote");
  }

  @Test
  void aFileComesBeforeTheMessageThatQuotesIt() throws IOException {
    var approval = hub.raise("write <b>&", "{\"text\":\"" + "x".repeat(5_000) + "\"}");
    hub.show(approval);
    assertThat(telegram.calls().stream().map(Call::name).filter(name -> name.startsWith("send")))
        .containsExactly("sendDocument", "sendMessage");
    var document = body(called("sendDocument").getFirst());
    assertThat(document.path("caption").asText()).contains("<code>write &lt;b&gt;&amp;</code>");
    var message = telegram.shown().getFirst();
    assertThat(message.text())
        .contains("What is cut stands in full in the file above.", "more characters");
    assertThat(message.attachments()).containsExactly("x".repeat(5_000));
    assertThat(document.path("disable_notification").asText()).isEqualTo("true");
  }

  @Test
  void aFileIsNotSentAgainWhenItsMessageIs() throws IOException {
    var approval = hub.raise("write_file", "{\"text\":\"" + "x".repeat(5_000) + "\"}");
    telegram.flood();
    assertThatThrownBy(() -> hub.show(approval)).isInstanceOf(TryAgainException.class);
    hub.show(approval);
    assertThat(called("sendDocument")).hasSize(1);
    assertThat(telegram.shown().getFirst().attachments()).hasSize(1);
  }

  @Test
  void aGroupIsFollowedWhenItBecomesASupergroup() throws IOException {
    var before = show();
    telegram.migrate(SUPERGROUP);
    var after = show();
    assertThat(after.ref().place()).isEqualTo(String.valueOf(SUPERGROUP));
    assertThat(called("sendMessage")).extracting(Call::status).containsExactly(200, 400, 200);
    show();
    assertThat(called("sendMessage")).hasSize(4);
    click(after, Action.APPROVE, ALICE);
    assertThat(approval(after).status()).isEqualTo(Status.APPROVED);
    hub.expire(approval(before).id());
    assertThatThrownBy(() -> channel.update(before.ref(), approval(before)))
        .isInstanceOf(RefusedException.class);
  }

  @Test
  void aMessageThatStayedBehindDoesNotTakeAnothersPlace() throws IOException {
    telegram.migrate(SUPERGROUP);
    var now = show();
    var old = new MessageRef(group(), now.ref().id());
    assertThatThrownBy(() -> channel.update(old, raise())).isInstanceOf(RefusedException.class);
    assertThat(telegram.shown()).containsExactly(now);
  }

  @Test
  void theMoveIsLearntFromTheGroupItself() throws IOException {
    var move = message("", FakeTelegram.user(ALICE)).put("migrate_to_chat_id", SUPERGROUP);
    telegram.raise("message", move);
    telegram.migrate(SUPERGROUP);
    show();
    assertThat(called("sendMessage")).extracting(Call::status).containsExactly(200);
  }

  @Test
  void aTopicHoldsAllThatIsSaid() throws IOException {
    try (var forum = FakeTelegram.polled();
        var store = new FakeHub("ops")) {
      store.allow(ALICE);
      var settings = new HashMap<>(forum.settings());
      settings.put("topic", 7);
      store.open(new TelegramPlugin(), settings);
      store.show(store.raise("write_file", "{\"text\":\"" + "x".repeat(5_000) + "\"}"));
      var message = forum.shown().getFirst();
      forum.click(message, Action.DENY_WITH_REASON, ALICE, Optional.of("no"));
      assertThat(forum.calls())
          .filteredOn(call -> call.name().startsWith("send"))
          .hasSize(4)
          .allSatisfy(
              call -> assertThat(body(call).path("message_thread_id").asText()).isEqualTo("7"));
    }
  }

  @Test
  void aBotThatWasThrownOutIsStopped() {
    telegram.block();
    assertThatThrownBy(this::show)
        .isInstanceOf(StoppedException.class)
        .hasMessageContaining("bot was kicked");
  }

  @Test
  void aTroubleOfOneAnswerIsReportedOnce() throws IOException {
    var message = show();
    telegram.trouble(Trouble.BROKEN, 1);
    hub.allow();
    var query = telegram.callback(message, data(message), FakeTelegram.user(ALICE));
    telegram.raise("callback_query", query);
    await().until(() -> !hub.troubles().isEmpty());
    assertThat(hub.troubles()).hasSize(1).noneMatch(trouble -> trouble.contains(token()));
  }

  private List<String> effects(Shown message) {
    var query = telegram.callback(message, "", FakeTelegram.user(ALICE));
    return query.path("message").path("entities").findValuesAsText("type");
  }

  private Channel open() {
    return hub.open(new TelegramPlugin(), telegram.settings());
  }

  private Approval raise() {
    return hub.raise("delete_files", "{\"path\":\"/tmp\"}");
  }

  private Shown show() throws IOException {
    var ref = hub.show(raise());
    return telegram.shown().stream().filter(it -> it.ref().equals(ref)).findFirst().orElseThrow();
  }

  private Approval approval(Shown message) {
    return hub.find(message.ref()).orElseThrow();
  }

  private String click(Shown message, Action action, Person person) {
    return telegram.click(message, action, person, Optional.empty());
  }

  private String press(Shown message, String data) {
    return telegram.press(telegram.callback(message, data, FakeTelegram.user(ALICE)));
  }

  private String say(Shown message, String text, Person person) {
    return telegram.say(Optional.of(message), text, person);
  }

  private String write(String text, Person person) {
    return telegram.say(Optional.empty(), text, person);
  }

  private String approve(Shown message) {
    return "/approve " + approval(message).id();
  }

  private String data(Shown message) {
    return Optional.ofNullable(message.buttons().get(Action.APPROVE)).orElseThrow();
  }

  private Optional<Shown> question() {
    return telegram.questions().stream().findFirst();
  }

  private ObjectNode message(String text, ObjectNode from) {
    var message = Json.object().put("message_id", 9_000).put("date", 1_760_000_000);
    message.putObject("chat").put("id", Long.parseLong(group())).put("type", "supergroup");
    return message.put("text", text).set("from", from);
  }

  private static ObjectNode user(long id) {
    return FakeTelegram.user(new Person(String.valueOf(id), "Somebody"));
  }

  private String group() {
    return String.valueOf(telegram.settings().get("chat"));
  }

  private String token() {
    return String.valueOf(telegram.settings().get("token"));
  }

  private List<Call> called(String method) {
    return telegram.calls().stream().filter(call -> call.name().equals(method)).toList();
  }

  private static JsonNode body(Call call) {
    try {
      return Json.parse(call.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
