package io.approvalhub.discord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.Decision;
import io.approvalhub.plugin.InvalidSettingException;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.Person;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import io.approvalhub.plugin.Verdict;
import io.approvalhub.testkit.ChannelContract;
import io.approvalhub.testkit.FakeDiscord;
import io.approvalhub.testkit.FakeHub;
import io.approvalhub.testkit.FakePlatform.Call;
import io.approvalhub.testkit.FakePlatform.Shown;
import io.approvalhub.testkit.FakePlatform.Trouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is alike whichever way clicks come in.
abstract class DiscordContract extends ChannelContract {

  @Override
  protected NotificationPlugin plugin() {
    return new DiscordPlugin();
  }

  @Override
  protected List<String> required() {
    return List.of("token", "application-id", "channel");
  }

  @Override
  protected List<String> secrets() {
    return List.of("token");
  }

  @Override
  protected boolean replies() {
    return false;
  }

  @Override
  protected boolean finds() {
    return true;
  }

  @Override
  protected List<String> nobodies() {
    return List.of(
        "alice", "alice#1", "@alice", "<@80351110224678912>", "8035", "-80351110224678912");
  }

  @Override
  protected boolean saysWhatWasPressed() {
    return true;
  }

  @Override
  protected Person person(String name) {
    return new Person("8035111022467" + Math.floorMod(name.hashCode(), 100_000), name);
  }

  @Test
  void aPostThatIsRepeatedIsTheSameMessage() throws IOException {
    var approval = raised();
    fake.trouble(Trouble.ANSWER_LOST, 1);
    assertThatThrownBy(() -> hub.show(approval)).isInstanceOf(IOException.class);
    var message = shown(approval);
    assertThat(fake.shown()).hasSize(1).first().isEqualTo(message);
  }

  @Test
  void aPressOfDenyWithReasonDecidesNothingYet() throws IOException {
    var message = shown(raised());
    assertThat(click(message, Action.DENY_WITH_REASON, alice())).isEmpty();
    assertNothingDecided();
  }

  @Test
  void aLatePressOfDenyWithReasonOpensNoDialog() throws IOException {
    var message = shown(raised());
    click(message, Action.APPROVE, alice());
    assertThat(fake.click(message, Action.DENY_WITH_REASON, bob(), Optional.of("no")))
        .contains("Already approved by Alice");
    assertThat(fake.click(message, Action.DENY_WITH_REASON, person("Mallory"), Optional.of("no")))
        .contains("You may not decide here")
        .doesNotContain("Alice");
  }

  @Test
  void aDialogThatIsSentTooLateIsAnsweredSo() throws IOException {
    var approval = raised();
    var message = shown(approval);
    var dialog = discord().dialog(message, alice());
    click(message, Action.APPROVE, bob());
    assertThat(dialog.apply("no")).contains("Already approved by Bob");
    assertThat(hub.decisions()).hasSize(1);
  }

  @Test
  void aButtonOfSomebodyElseIsLeftAlone() throws IOException {
    var message = shown(raised());
    assertThat(discord().press(message, "poll:yes", alice())).isEqualTo(FakeDiscord.FAILED);
    assertNothingDecided();
  }

  @Test
  void aButtonThatNobodyKnowsIsAnsweredAndTheNextClickIsTaken() throws IOException {
    var approval = raised();
    var message = shown(approval);
    assertThat(discord().press(message, "ah:a:\u0000", alice())).contains("That request is gone");
    assertNothingDecided();
    click(message, Action.APPROVE, alice());
    assertDecided(approval, Verdict.APPROVE, alice());
  }

  @Test
  void aClickThatTheHubCannotTakeIsAnsweredAndTheNextIsTaken() throws IOException {
    var approval = raised();
    var message = shown(approval);
    hub.reachable(false);
    assertThat(click(message, Action.APPROVE, alice())).contains("Please press again");
    hub.reachable(true);
    assertThat(hub.troubles()).contains("A click was not taken: OutOfReachException");
    click(message, Action.APPROVE, alice());
    assertDecided(approval, Verdict.APPROVE, alice());
  }

  @Test
  void aClickForAnotherApplicationIsLeftAlone() throws IOException {
    var interaction = discord().interaction(shown(raised()), Action.APPROVE, alice());
    interaction.put("application_id", "1100000000000000008");
    assertThat(discord().send(interaction)).isEqualTo(FakeDiscord.FAILED);
    assertNothingDecided();
  }

  @Test
  void anArchivedThreadIsOpenedAgain() throws IOException {
    try (var other = new FakeHub("thread")) {
      other.allow(alice());
      open(other, changed("channel", FakeDiscord.THREAD));
      var approval = other.raise("delete_files", "{}");
      discord().archive(false);
      var message = shown(other.show(approval));
      discord().archive(false);
      other.expire(approval.id());
      other.bringUp(approval);
      assertThat(shown(message.ref()).text()).contains("Expired");
    }
  }

  @Test
  void aThreadThatTheBotMayNotOpenStopsTheChannelUntilItIsMended() throws IOException {
    try (var other = new FakeHub("thread")) {
      open(other, changed("channel", FakeDiscord.THREAD));
      var approval = other.raise("delete_files", "{}");
      discord().archive(true);
      assertThatThrownBy(() -> other.show(approval))
          .isInstanceOf(StoppedException.class)
          .hasMessageContaining("the thread is archived; open it, or let the bot manage threads");
    }
  }

  @Test
  void aForumStopsTheChannelUntilTheSettingIsMended() throws IOException {
    try (var forum = new FakeHub("forum")) {
      open(forum, changed("channel", FakeDiscord.FORUM));
      assertThatThrownBy(() -> forum.show(forum.raise("delete_files", "{}")))
          .isInstanceOf(StoppedException.class)
          .hasMessageContaining("set channel to a text channel, or to a post of the forum");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "-1", "soon", "", "1e300", "999999999999999999"})
  void anyLimitThatDiscordTellsIsBorne(String after) throws IOException {
    discord().fill(after);
    shown(raised());
    hub.turn(Duration.ofDays(1));
    shown(raised());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1e300", "999999999999", "\"soon\"", "null"})
  void anyWaitThatDiscordAsksForIsBorne(String after) throws IOException {
    var approval = raised();
    discord().limit(Json.parse(after));
    assertThatThrownBy(() -> hub.show(approval))
        .isInstanceOfSatisfying(
            TryAgainException.class,
            e -> assertThat(e.delay()).isBetween(Duration.ofSeconds(1), Duration.ofDays(1)));
  }

  @Test
  void aMessageOfAnotherChannelIsLeftAlone() throws IOException {
    try (var other = new FakeHub("other")) {
      other.allow(alice());
      open(other, direct());
      var message = other.show(other.raise("delete_files", "{}"));
      click(shown(message), Action.APPROVE, alice());
      assertThat(hub.troubles()).isEmpty();
      assertNothingDecided();
    }
  }

  @Test
  void directMessagesDecideToo() throws IOException {
    try (var direct = new FakeHub("direct")) {
      direct.allow(alice());
      open(direct, direct());
      var approval = direct.raise("delete_files", "{}");
      var message = shown(direct.show(approval));
      fake.callBack(direct.address());
      click(message, Action.DENY, alice());
      assertThat(direct.decisions()).singleElement().returns(Verdict.DENY, Decision::verdict);
      direct.bringUp(approval);
      assertThat(shown(message.ref()).text()).contains("Denied by Alice");
    }
  }

  @Test
  void aLimitThatDiscordToldIsNotRunInto() throws IOException {
    discord().fill();
    shown(raised());
    var next = raised();
    var calls = fake.calls().size();
    assertThatThrownBy(() -> hub.show(next))
        .isInstanceOfSatisfying(
            TryAgainException.class,
            e -> assertThat(e.delay()).isBetween(Duration.ofMillis(1), Duration.ofMillis(1500)));
    assertThat(fake.calls()).hasSize(calls);
    hub.turn(Duration.ofSeconds(2));
    shown(next);
  }

  @Test
  void aTokenThatWasMadeAnewStopsTheChannel() throws IOException {
    var approval = raised();
    shown(approval);
    discord().revoke();
    assertThatThrownBy(() -> hub.show(raised())).isInstanceOf(StoppedException.class);
    hub.expire(approval.id());
    assertThatThrownBy(() -> hub.bringUp(approval)).isInstanceOf(StoppedException.class);
  }

  @Test
  void aChannelThatDoesNotExistStopsIt() throws IOException {
    try (var lost = new FakeHub("lost")) {
      open(lost, changed("channel", "1100000000000000404"));
      assertThatThrownBy(() -> lost.show(lost.raise("delete_files", "{}")))
          .isInstanceOf(StoppedException.class)
          .hasMessageContaining("10003");
    }
  }

  @Test
  void nobodyIsEverMentioned() throws IOException {
    var approval = raised();
    var message = shown(approval);
    fake.click(message, Action.DENY_WITH_REASON, alice(), Optional.of("@everyone"));
    hub.bringUp(approval);
    click(message, Action.APPROVE, alice());
    var texts =
        fake.calls().stream().map(DiscordContract::body).filter(DiscordContract::speaks).toList();
    assertThat(texts)
        .hasSize(3)
        .allSatisfy(
            text -> assertThat(Json.text(text)).contains("allowed_mentions\":{\"parse\":[]}"));
  }

  @Test
  void factsThatAreCutAreAttachedToo() throws IOException {
    var reason = "* _ ` ~ | > # - @everyone <@1> [a](http://b) \\ ".repeat(100);
    var options = FakeHub.Options.PLAIN.reason(reason).risk("*".repeat(600));
    var approval = hub.raise("`".repeat(600), "{\"a\":\"" + "`".repeat(6_000) + "\"}", options);
    shown(approval);
    assertThat(said(approval)).contains(reason, "*".repeat(600), "`".repeat(6_000));
    hub.expire(approval.id());
    hub.bringUp(approval);
    assertThat(said(approval)).contains(reason, "`".repeat(6_000), "Expired");
  }

  @Test
  void aChannelAndAUserAreOneTooMany() {
    assertThatThrownBy(() -> open(hub, changed("user", alice().id())))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("channels.ops.settings.channel");
  }

  final FakeDiscord discord() {
    return (FakeDiscord) fake;
  }

  final Shown shown(MessageRef ref) {
    return fake.shown().stream().filter(shown -> shown.ref().equals(ref)).findFirst().orElseThrow();
  }

  private static boolean speaks(JsonNode body) {
    return body.has("components") || body.path("data").has("content");
  }

  private static JsonNode body(Call call) {
    try {
      return Json.parse(call.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  final Map<String, Object> changed(String key, Object value) {
    var settings = new HashMap<>(fake.settings());
    settings.put(key, value);
    return settings;
  }

  final Map<String, Object> direct() {
    var settings = changed("user", alice().id());
    settings.remove("channel");
    return settings;
  }

  final Channel open(FakeHub other, Map<String, Object> settings) {
    return other.open(plugin(), settings);
  }
}
