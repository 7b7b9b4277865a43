package io.approvalhub.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.TextNode;
import io.approvalhub.kit.Disclosure;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.Messages;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.Decision;
import io.approvalhub.plugin.Hint;
import io.approvalhub.plugin.InvalidSettingException;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.Person;
import io.approvalhub.plugin.Reader;
import io.approvalhub.plugin.RefusedException;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import io.approvalhub.plugin.Verdict;
import io.approvalhub.testkit.FakePlatform.Call;
import io.approvalhub.testkit.FakePlatform.Shown;
import io.approvalhub.testkit.FakePlatform.Trouble;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every channel must do, whatever the platform. A plugin's test class extends it and says
/// what the plugin is tested with.
@Timeout(60)
public abstract class ChannelContract {

  private static final Pattern BRACKETS = Pattern.compile("⟦[^⟦⟧]*⟧");
  private static final Pattern DATA =
      Pattern.compile(
          "coder|builder|session-1|delete_files|/var/cache|recursive|true|path|cleaning up"
              + "|Alice|Bob|ops|why|UTC|[0-9a-z]{26}|\\bx+\\b");

  private static final String ARGUMENTS = "{\"path\":\"/var/cache\",\"recursive\":true}";

  /// The platform of this test, new for each.
  protected FakePlatform fake;

  /// The hub of this test, new for each. Alice and Bob may decide.
  protected FakeHub hub;

  /// The channel `ops` on the platform, open.
  protected Channel channel;

  /// A new platform.
  protected abstract FakePlatform platform();

  /// A new plugin.
  protected abstract NotificationPlugin plugin();

  /// The settings without which there is no channel.
  protected abstract List<String> required();

  /// The settings that hold secrets.
  protected abstract List<String> secrets();

  /// Settings with values that are each refused, whatever the others say.
  protected abstract Map<String, Object> malformed();

  /// Ids that no person has on the platform, though an operator may think so. Empty where any text
  /// is one.
  protected List<String> nobodies() {
    return List.of();
  }

  /// Whether a message can be changed once it is posted. Where it cannot, the contract expects the
  /// outcome in a follow-up message.
  protected boolean edits() {
    return true;
  }

  /// Whether a message whose posting was interrupted can be found.
  protected boolean finds() {
    return false;
  }

  /// Whether it is found without a look, since the hub names it.
  protected boolean findsUnseen() {
    return false;
  }

  /// Whether people can answer a message in words.
  protected boolean replies() {
    return true;
  }

  /// Whether its decisions say which message was pressed, by `Decision.on`.
  protected boolean saysWhatWasPressed() {
    return false;
  }

  /// Whether it shows messages in words of its own, and does not leave that to a receiver.
  protected boolean speaks() {
    return true;
  }

  /// A person of that name, with an id of the form that the platform gives.
  protected Person person(String name) {
    return new Person("49151" + Math.floorMod(name.hashCode(), 10_000_000), name);
  }

  @BeforeEach
  final void open() {
    fake = platform();
    connect();
  }

  private void connect() {
    hub = new FakeHub("ops");
    hub.allow(alice(), bob());
    channel = hub.open(plugin(), fake.settings());
    fake.callBack(hub.address());
  }

  @AfterEach
  final void close() {
    hub.close();
    fake.close();
  }

  @Test
  void aPendingApprovalIsShownWithItsButtons() throws IOException {
    var approval = raised();
    var message = shown(approval);
    assertThat(message.text())
        .contains("delete_files", "coder", "High risk", "cleaning up", "/var/cache", "recursive");
    assertThat(message.buttons()).containsOnlyKeys(approval.actions());
    assertThat(message.edits()).isZero();
  }

  @Test
  void whoeverSaysNothingButTheToolIsShownToo() throws IOException {
    var approval = hub.raise("list_all", "{}", FakeHub.Options.PLAIN.risk("").reason(""));
    var message = shown(approval);
    assertThat(message.text()).contains("coder wants to call list_all");
    click(message, Action.APPROVE, alice());
    hub.bringUp(approval);
    assertThat(said(approval)).contains("Approved by Alice");
  }

  @Test
  void whatTheToolSaysOfItselfIsShownAsItsWord() throws IOException {
    var options = FakeHub.Options.PLAIN.hints(Hint.DESTRUCTIVE, Hint.OPEN_WORLD);
    var approval = hub.raise("delete_files", ARGUMENTS, options);
    assertThat(shown(approval).text())
        .contains("The tool says of itself")
        .contains("may destroy, reaches the outside");
  }

  @Test
  void aClickDecides() throws IOException {
    var approval = raised();
    click(shown(approval), Action.APPROVE, alice());
    assertDecided(approval, Verdict.APPROVE, alice());
  }

  @Test
  void everyCallGoesThroughTheProxyOfTheHub() throws IOException {
    var called =
        Stream.of("api", "url", "gateway")
            .flatMap(setting -> Stream.ofNullable(fake.settings().get(setting)))
            .map(address -> URI.create(address.toString()).getRawAuthority())
            .toList();
    try (var proxy = new FakeProxy()) {
      called.forEach(proxy::standBefore);
      hub.close();
      connect();
      var approval = raised();
      click(shown(approval), Action.APPROVE, alice());
      assertDecided(approval, Verdict.APPROVE, alice());
      assertThat(proxy.asked()).containsAll(called).isNotEmpty();
    }
  }

  @Test
  void aDenialIsNoApproval() throws IOException {
    var approval = raised();
    click(shown(approval), Action.DENY, bob());
    assertDecided(approval, Verdict.DENY, bob());
  }

  @Test
  void aReasonGoesWithTheDenial() throws IOException {
    var approval = raised();
    fake.click(shown(approval), Action.DENY_WITH_REASON, alice(), Optional.of("not on a Friday"));
    var decision = assertDecided(approval, Verdict.DENY, alice());
    assertThat(decision.reason()).contains("not on a Friday");
    hub.bringUp(approval);
    assertThat(said(approval)).contains("Denied by Alice: not on a Friday");
  }

  @Test
  void anApprovalThatIsRememberedSaysSo() throws IOException {
    var options = FakeHub.Options.PLAIN.remembering("this session");
    var approval = hub.raise("delete_files", ARGUMENTS, options);
    var message = shown(approval);
    assertThat(message.buttons()).containsKey(Action.APPROVE);
    if (message.buttons().containsKey(Action.APPROVE_AND_REMEMBER)) {
      click(message, Action.APPROVE_AND_REMEMBER, alice());
      assertThat(assertDecided(approval, Verdict.APPROVE, alice()).remember()).isTrue();
    }
  }

  @Test
  void theDecisionIsShownAndTheButtonsVanish() throws IOException {
    var approval = raised();
    click(shown(approval), Action.APPROVE, alice());
    hub.bringUp(approval);
    assertThat(said(approval)).contains("Approved by Alice");
    assertThat(message(approval).edits()).isPositive();
    assertNoButtons(approval);
  }

  @Test
  void whatTheAgentMadeOfItIsShown() throws IOException {
    var approval = raised();
    click(shown(approval), Action.APPROVE, alice());
    hub.bringUp(approval);
    hub.delivered(approval.id(), DeliveryStatus.DELIVERED);
    hub.bringUp(approval);
    assertThat(said(approval)).contains("Approved by Alice · agent resumed");
    hub.delivered(approval.id(), DeliveryStatus.GONE);
    hub.bringUp(approval);
    assertThat(said(approval)).contains("Approved by Alice, but the agent no longer waits");
  }

  @Test
  void anExpiredApprovalSaysSo() throws IOException {
    var approval = raised();
    var message = shown(approval);
    hub.expire(approval.id());
    hub.bringUp(approval);
    assertThat(said(approval)).contains("Expired");
    assertNoButtons(approval);
    assertThat(click(message, Action.APPROVE, alice())).contains("Already expired");
    assertNothingDecided();
  }

  @Test
  void aCancelledApprovalSaysSo() throws IOException {
    var approval = raised();
    shown(approval);
    hub.cancel(approval.id());
    hub.bringUp(approval);
    assertThat(said(approval)).contains("Cancelled");
    assertNoButtons(approval);
  }

  @Test
  void anUpdateThatChangesNothingIsASuccess() throws IOException {
    var approval = raised();
    shown(approval);
    hub.expire(approval.id());
    hub.bringUp(approval);
    hub.bringUp(approval);
    assertThat(said(approval)).contains("Expired");
  }

  @Test
  void theSecondClickIsTooLateAndIsToldWhoWasFirst() throws IOException {
    var approval = raised();
    var message = shown(approval);
    click(message, Action.APPROVE, alice());
    assertDecided(approval, Verdict.APPROVE, alice());
    assertThat(click(message, Action.DENY, bob())).contains("Already approved by Alice via ops");
    assertThat(hub.decisions()).hasSize(1);
  }

  @Test
  void aClickOnAMessageWhoseReferenceWasNeverSavedMakesItKnown() throws IOException {
    assumeTrue(saysWhatWasPressed());
    var approval = raised();
    var message = shown(approval);
    hub.orphan(approval);

    click(message, Action.APPROVE, alice());
    hub.bringUp(approval);

    assertThat(message(approval).text()).contains("Approved by Alice");
    assertNoButtons(approval);
  }

  @Test
  void aStrangerMayNotDecideAndLearnsNothing() throws IOException {
    var approval = raised();
    var message = shown(approval);
    assertThat(click(message, Action.APPROVE, person("Mallory")))
        .contains("You may not decide here");
    assertNothingDecided();
    click(message, Action.APPROVE, alice());
    assertDecided(approval, Verdict.APPROVE, alice());
    assertThat(click(message, Action.APPROVE, person("Mallory")))
        .contains("You may not decide here")
        .doesNotContain("Alice");
  }

  @Test
  void aNameIsNoIdentity() throws IOException {
    var approval = raised();
    var impostor = new Person(person("Mallory").id(), alice().name());
    click(shown(approval), Action.APPROVE, impostor);
    assertNothingDecided();
  }

  @Test
  void aForgedOrStaleCallbackIsRefused() throws IOException {
    var approval = raised();
    var message = shown(approval);
    for (var forgery : fake.forgeries(message, alice())) {
      assertThat(channel.receive(forgery).status()).isBetween(400, 499);
      assertNothingDecided();
    }
    click(message, Action.APPROVE, alice());
    assertDecided(approval, Verdict.APPROVE, alice());
  }

  @Test
  void wordsDecideToo() throws IOException {
    if (replies()) {
      var approval = raised();
      fake.say(Optional.of(shown(approval)), "deny because it is late", alice());
      assertThat(assertDecided(approval, Verdict.DENY, alice()).reason()).contains("it is late");
    }
  }

  @Test
  void wordsThatMeanNothingDecideNothing() throws IOException {
    if (replies()) {
      var message = shown(raised());
      fake.say(Optional.of(message), "approve it? I am not sure", alice());
      fake.say(Optional.of(message), "approve", person("Mallory"));
      assertNothingDecided();
    }
  }

  @Test
  void aCommandDecidesTheApprovalThatItNames() throws IOException {
    assumeTrue(replies());
    var first = raised();
    var second = raised();
    var quoted = Optional.of(shown(first));
    shown(second);
    fake.say(Optional.empty(), "/approve " + first.id(), alice());
    assertDecided(first, Verdict.APPROVE, alice());
    fake.say(quoted, "/deny " + second.id() + " not on a Friday", alice());
    assertThat(assertDecided(second, Verdict.DENY, alice()).reason()).contains("not on a Friday");
  }

  @Test
  void aCommandThatNamesNothingIsToldSo() throws IOException {
    assumeTrue(replies());
    shown(raised());
    assertThat(fake.say(Optional.empty(), "/approve " + "0".repeat(26), alice()))
        .isEqualTo("That request is gone");
    assertThat(fake.say(Optional.empty(), "approve", alice())).contains("eply to the request");
    assertThat(fake.say(Optional.empty(), "good morning", alice())).isEmpty();
    assertNothingDecided();
  }

  @Test
  void wordsThatAreTooLateOrNotAllowedAreToldSo() throws IOException {
    assumeTrue(replies());
    var message = Optional.of(shown(raised()));
    assertThat(fake.say(message, "approve", person("Mallory"))).contains("You may not decide here");
    fake.say(message, "approve", alice());
    assertThat(fake.say(message, "deny", bob())).contains("Already approved by Alice via ops");
    assertThat(fake.say(message, "deny", person("Mallory")))
        .contains("You may not decide here")
        .doesNotContain("Alice");
    assertThat(hub.decisions()).hasSize(1);
  }

  @Test
  void whatWasForwardedDecidesNothingAndSaysSo() throws IOException {
    assumeTrue(replies());
    var approval = raised();
    shown(approval);
    for (var words : List.of("/approve " + approval.id(), "/deny " + approval.id() + " because")) {
      assertThat(fake.forward(words, alice())).startsWith("What was forwarded decides nothing");
    }
    assertThat(fake.forward("good morning", alice())).isEmpty();
    assertNothingDecided();
    fake.say(Optional.empty(), "/approve " + approval.id(), alice());
    assertDecided(approval, Verdict.APPROVE, alice());
  }

  @Test
  void wordsThatCannotBeKeptDecideNothingAndSaySo() throws IOException {
    var approval = raised();
    var message = shown(approval);
    var nul = Optional.of("because a\u0000b");
    assertThat(fake.click(message, Action.DENY_WITH_REASON, alice(), nul)).contains("U+0000");
    if (replies()) {
      assertThat(fake.say(Optional.of(message), "deny because a\u0000b", alice()))
          .contains("U+0000");
    }
    assertNothingDecided();
    click(message, Action.APPROVE, alice());
    assertDecided(approval, Verdict.APPROVE, alice());
  }

  @Test
  void aClickThatBreaksSomethingLeavesTheNextOneAlone() throws IOException {
    var approval = raised();
    var message = shown(approval);
    hub.stumble(new StackOverflowError());
    assertStumbles(message);
    hub.stumble(new IllegalStateException("a store that refuses a value"));
    assertStumbles(message);
    assertNothingDecided();
    assertThat(hub.troubles()).isNotEmpty();
    click(message, Action.APPROVE, alice());
    assertDecided(approval, Verdict.APPROVE, alice());
  }

  @Test
  void aPlatformThatIsFullIsAskedAgainWhenItSays() throws IOException {
    var approval = raised();
    fake.trouble(Trouble.TOO_MANY, 1);
    assertThatThrownBy(() -> hub.show(approval))
        .isInstanceOfSatisfying(TryAgainException.class, ChannelContract::assertTwoSeconds);
    shown(approval);
    hub.expire(approval.id());
    fake.trouble(Trouble.TOO_MANY, 1);
    assertThatThrownBy(() -> hub.bringUp(approval))
        .isInstanceOfSatisfying(TryAgainException.class, ChannelContract::assertTwoSeconds);
    hub.bringUp(approval);
    assertThat(said(approval)).contains("Expired");
  }

  @Test
  void aPlatformThatIsBrokenIsTriedAgain() throws IOException {
    var approval = raised();
    fake.trouble(Trouble.BROKEN, 1);
    assertPlain(catchThrowable(() -> hub.show(approval)));
    shown(approval);
    hub.expire(approval.id());
    fake.trouble(Trouble.BROKEN, 1);
    assertPlain(catchThrowable(() -> hub.bringUp(approval)));
    hub.bringUp(approval);
    assertThat(said(approval)).contains("Expired");
  }

  @Test
  void anAnswerThatMeansNothingIsNoSuccess() throws IOException {
    var approval = raised();
    fake.trouble(Trouble.NONSENSE, 1);
    var posting = catchThrowable(() -> hub.show(approval));
    if (findsUnseen()) {
      // who names its messages itself has nothing to read
      assertThat(posting).isNull();
      return;
    }
    assertPlain(posting);
    shown(approval);
    hub.expire(approval.id());
    fake.trouble(Trouble.NONSENSE, 1);
    assertPlain(catchThrowable(() -> hub.bringUp(approval)));
    hub.bringUp(approval);
    assertThat(said(approval)).contains("Expired");
  }

  @Test
  void aMessageWhoseAnswerWasLostIsPostedAgainAndWorks() throws IOException {
    var approval = raised();
    fake.trouble(Trouble.ANSWER_LOST, 1);
    assertPlain(catchThrowable(() -> hub.show(approval)));
    var message = shown(approval);
    click(message, Action.APPROVE, alice());
    assertDecided(approval, Verdict.APPROVE, alice());
  }

  @Test
  void aMessageWhoseAnswerWasLostIsFoundAndToldHowItEndedWherePossible() throws IOException {
    var approval = raised();
    assertThat(channel.find(approval).filter(_ -> !findsUnseen())).isEmpty();
    fake.trouble(Trouble.ANSWER_LOST, 1);
    assertPlain(catchThrowable(() -> hub.show(approval)));
    hub.expire(approval.id());
    var ended = hub.approval(approval.id());

    if (finds() && !findsUnseen()) {
      fake.trouble(Trouble.NONSENSE, 1);
      assertPlain(catchThrowable(() -> channel.find(ended)));
    }
    var found = channel.find(ended);

    assertThat(found.isPresent()).isEqualTo(finds());
    if (found.isPresent()) {
      channel.update(found.get(), ended);
      assertThat(fake.shown()).singleElement().extracting(Shown::buttons).isEqualTo(Map.of());
    }
  }

  @Test
  void credentialsThatAreRefusedStopTheChannel() {
    fake.trouble(Trouble.REVOKED, 1);
    var stopped = catchThrowable(() -> hub.show(raised()));
    assertThat(stopped).isInstanceOf(StoppedException.class);
    assertNoSecret(stopped);
  }

  @Test
  void noTroublePrintsASecret() {
    var troubles = EnumSet.allOf(Trouble.class);
    if (findsUnseen()) {
      troubles.remove(Trouble.NONSENSE);
    }
    for (var trouble : troubles) {
      fake.trouble(trouble, 1);
      assertNoSecret(catchThrowable(() -> hub.show(raised())));
    }
    fake.close();
    assertNoSecret(catchThrowable(() -> hub.show(raised())));
    assertThat(String.join("\n", hub.troubles())).doesNotContain(secretValues());
    assertThat(channel.toString()).doesNotContain(secretValues());
  }

  @Test
  void aMessageThatAPersonDeletedIsGivenUp() throws IOException {
    var approval = raised();
    if (fake.delete(shown(approval))) {
      hub.expire(approval.id());
      assertThatThrownBy(() -> hub.bringUp(approval)).isInstanceOf(RefusedException.class);
    }
  }

  @Test
  void markupAndMentionsAreOnlyText() throws IOException {
    var hostile =
        List.of(
            "<script>alert(1)</script></pre></code>",
            "*bold* _it_ ~s~ `c` ```fence``` ||spoiler|| **b** __u__ # h",
            "@everyone @here <!channel> <!here> <@U0123ABCD> <@80351110224678912> <#C012> @alice",
            "[click](https://evil.example) <https://evil.example|click> &lt;b&gt; &amp;");
    var arguments = Json.object();
    hostile.forEach(text -> arguments.put("arg" + arguments.size(), text));
    var options = FakeHub.Options.PLAIN.reason(String.join(" ", hostile));
    var approval = hub.raise("rm <b>*x*</b> @everyone", Json.text(arguments), options);
    var message = shown(approval);
    var said = said(approval);
    assertThat(hostile).allSatisfy(text -> assertThat(said).contains(quoted(text)));
    assertThat(said).contains("rm <b>*x*</b> @everyone");
    assertThat(message.pings()).isEmpty();
    hub.expire(approval.id());
    hub.bringUp(approval);
    assertThat(message(approval).pings()).isEmpty();
  }

  @Test
  void markupInAReasonIsOnlyText() throws IOException {
    var approval = raised();
    var reason = "<b>no</b> *never* @everyone <!channel>";
    fake.click(shown(approval), Action.DENY_WITH_REASON, alice(), Optional.of(reason));
    assertDecided(approval, Verdict.DENY, alice());
    hub.bringUp(approval);
    assertThat(said(approval)).contains(reason);
    assertThat(message(approval).pings()).isEmpty();
  }

  @Test
  void nothingIsInvisible() throws IOException {
    var approval =
        hub.raise("to\u202eol", "{\"a\":\"x\\u202ey\\u200bz\\udb40\\udc41\",\"b\":\"\u2066\"}");
    shown(approval);
    assertThat(said(approval))
        .contains("to[U+202E]ol", "x[U+202E]y[U+200B]z[U+E0041]", "[U+2066]")
        .doesNotContain("\u202e", "\u2066", "\udb40\udc41");
  }

  @Test
  void argumentsOfAnyLengthAreThereInFullOrCannotBeApproved() throws IOException {
    var arguments = Json.object().put("first", "begin");
    for (var line = 0; line < 2_000; line++) {
      arguments.put("line" + line, "0123456789 ".repeat(4));
    }
    var approval = hub.raise("write_file", Json.text(arguments.put("last", "the end")));
    assertWholeOrWithheld(approval, shown(approval));
  }

  @Test
  void nothingIsCutInsideACharacter() throws IOException {
    for (var shift = 0; shift < 4; shift++) {
      var emoji = "x".repeat(shift) + "👍🏽".repeat(3_000);
      var options = FakeHub.Options.PLAIN.reason(emoji);
      var approval = hub.raise("write_file", "{\"text\":\"" + emoji + "\"}", options);
      var message = shown(approval);
      assertWholeOrWithheld(approval, message);
      assertThat(message.text().codePoints().filter(ChannelContract::surrogate)).isEmpty();
      assertThat(message.text().replaceAll("👍(?!🏽)", "torn")).doesNotContain("torn");
    }
  }

  @Test
  void secretsAreMaskedWhereverTheyGo() throws IOException {
    var big = "y".repeat(50_000);
    for (var padding : List.of("", big)) {
      var arguments =
          Json.object()
              .put("password", "hunter2-hunter2")
              .put("header", "Authorization: Bearer abcdefgh12345678")
              .put("padding", padding)
              .put("command", "curl -u x https://user:pa55word9@host.example");
      var options = FakeHub.Options.PLAIN.reason("use sk-proj-abcdefgh12345678 for it");
      var approval = hub.raise("shell", Json.text(arguments), options);
      shown(approval);
      assertThat(said(approval)).contains(Disclosure.MASK);
    }
    assertThat(fake.calls().stream().map(Call::body))
        .isNotEmpty()
        .allSatisfy(
            body -> assertThat(body).doesNotContain("hunter2", "abcdefgh12345678", "pa55word9"));
  }

  @Test
  void everyWordIsSaidInTheReadersLanguage() throws IOException {
    assumeTrue(speaks());
    hub.readBy(new Reader(Messages.PSEUDO, ZoneOffset.UTC));
    var options =
        FakeHub.Options.PLAIN.hints(Hint.DESTRUCTIVE).expiring(Duration.ofMinutes(12)).quorum(2);
    for (var arguments : List.of(ARGUMENTS, "{\"path\":\"" + "x\\n".repeat(9_000) + "\"}")) {
      var approval = hub.raise("delete_files", arguments, options);
      var message = shown(approval);
      assertTranslated(message.text());
      hub.vote(approval.id(), "Bob", "ops");
      hub.bringUp(approval);
      assertTranslated(message(approval).text());
      assertTranslated(click(message, Action.DENY, person("Mallory")));
      fake.click(message, Action.DENY_WITH_REASON, alice(), Optional.of("why"));
      await().until(() -> !hub.approval(approval.id()).pending());
      hub.bringUp(approval);
      assertTranslated(message(approval).text());
      assertTranslated(click(message, Action.DENY, alice()));
    }
  }

  @Test
  void aSettingThatIsMissingStopsTheStart() {
    assertThat(required()).isNotEmpty().allSatisfy(key -> assertRefused(key, without(key)));
  }

  @Test
  void aSettingThatIsBlankStopsTheStart() {
    assertThat(fake.settings().keySet())
        .containsAll(secrets())
        .allSatisfy(key -> assertRefused(key, with(key, " ")));
  }

  @Test
  void aSettingThatIsMalformedStopsTheStart() {
    malformed().forEach((key, value) -> assertRefused(key, with(key, value)));
  }

  @Test
  void aSettingThatIsUnknownStopsTheStart() {
    assertRefused("colour", with("colour", "red"));
  }

  @Test
  void anIdThatNobodyCanHaveStopsTheStart() {
    assertThat(plugin().personIdProblem(alice().id())).isEmpty();
    assertThat(nobodies())
        .allSatisfy(
            id -> assertThat(plugin().personIdProblem(id).orElse("")).startsWith("must be "));
  }

  /// The person who may decide in every test.
  protected final Person alice() {
    return person("Alice");
  }

  /// Another one who may.
  protected final Person bob() {
    return person("Bob");
  }

  /// A pending approval of two small arguments.
  protected final Approval raised() {
    return hub.raise("delete_files", ARGUMENTS);
  }

  /// Posts the approval and finds its message.
  protected final Shown shown(Approval approval) throws IOException {
    return message(hub.show(approval));
  }

  /// The message of the approval as it is now.
  protected final Shown message(Approval approval) {
    return message(hub.message(approval.id()));
  }

  /// All that people read of the approval: the message, its files and its follow-ups.
  protected final String said(Approval approval) {
    return everything(message(approval));
  }

  /// A click without a reason.
  protected final String click(Shown message, Action action, Person person) {
    return fake.click(message, action, person, Optional.empty());
  }

  /// Waits for the one decision on the approval.
  protected final Decision assertDecided(Approval approval, Verdict verdict, Person person) {
    await().until(() -> !hub.approval(approval.id()).pending());
    var decision = hub.decisions().getLast();
    assertThat(decision.token()).isEqualTo(approval.token());
    assertThat(decision.verdict()).isEqualTo(verdict);
    assertThat(decision.person().id()).isEqualTo(person.id());
    return decision;
  }

  /// Nothing was decided so far.
  protected final void assertNothingDecided() {
    assertThat(hub.decisions()).isEmpty();
  }

  /// Whoever clicks may be told by the platform alone, as when a call is answered with 500.
  private void assertStumbles(Shown message) {
    var unused = catchThrowable(() -> click(message, Action.APPROVE, alice()));
    await().until(() -> !hub.stumbles());
  }

  /// What stands in no brackets is what the agent and people said, or a name.
  private static void assertTranslated(String text) {
    var rest = text;
    while (!rest.equals(BRACKETS.matcher(rest).replaceAll(" "))) {
      rest = BRACKETS.matcher(rest).replaceAll(" ");
    }
    assertThat(DATA.matcher(rest).replaceAll(" ")).as(text).doesNotContainPattern("\\p{L}{2}");
  }

  private Shown message(MessageRef ref) {
    return fake.shown().stream()
        .filter(message -> message.ref().equals(ref))
        .findFirst()
        .orElseThrow(() -> new AssertionError(ref + " is not among " + fake.shown()));
  }

  private MessageRef refs(Approval approval) {
    return hub.message(approval.id());
  }

  /// A platform's way to stop a mention may leave a zero-width space that people do not see.
  private static String everything(Shown message) {
    return Stream.concat(Stream.of(message.text()), message.attachments().stream())
        .collect(Collectors.joining("\n"))
        .replace("\u200b", "");
  }

  private void assertNoButtons(Approval approval) {
    if (edits()) {
      assertThat(message(approval).buttons()).isEmpty();
    }
  }

  private static void assertWholeOrWithheld(Approval approval, Shown message) {
    if (message.buttons().containsKey(Action.APPROVE)) {
      var said = withoutSpace(everything(message));
      assertThat(approval.parts())
          .isNotEmpty()
          .allSatisfy(part -> assertThat(said).contains(withoutSpace(part.text())));
    } else {
      assertThat(message.text()).contains("approve");
    }
  }

  /// Arguments may be spread over several messages, cut wherever it suits the platform.
  private static String withoutSpace(String text) {
    return text.replaceAll("\\s+", "");
  }

  private static void assertTwoSeconds(TryAgainException e) {
    assertThat(e.delay()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(3));
  }

  private static void assertPlain(Throwable thrown) {
    assertThat(thrown)
        .isInstanceOf(IOException.class)
        .isNotInstanceOfAny(
            TryAgainException.class, RefusedException.class, StoppedException.class);
  }

  private void assertNoSecret(Throwable thrown) {
    assertThat(thrown).isInstanceOf(IOException.class);
    var trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(secretValues());
  }

  private List<String> secretValues() {
    return secrets().stream().map(fake.settings()::get).map(String::valueOf).toList();
  }

  private void assertRefused(String key, Map<String, Object> settings) {
    try (var other = new FakeHub("ops")) {
      assertThatThrownBy(() -> other.open(plugin(), settings))
          .isInstanceOf(InvalidSettingException.class)
          .hasMessageStartingWith("channels.ops.settings." + key + " ");
    }
  }

  private Map<String, Object> without(String key) {
    var settings = new TreeMap<>(fake.settings());
    settings.remove(key);
    return settings;
  }

  private Map<String, Object> with(String key, Object value) {
    var settings = new TreeMap<>(fake.settings());
    settings.put(key, value);
    return settings;
  }

  private static String quoted(String text) {
    var json = Json.text(TextNode.valueOf(text));
    return json.substring(1, json.length() - 1);
  }

  private static boolean surrogate(int point) {
    return Character.getType(point) == Character.SURROGATE;
  }
}
