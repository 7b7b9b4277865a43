package io.approvalhub.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.Person;
import io.approvalhub.plugin.RefusedException;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import io.approvalhub.testkit.FakeHub;
import io.approvalhub.testkit.FakePlatform.Call;
import io.approvalhub.testkit.FakePlatform.Shown;
import io.approvalhub.testkit.FakePlatform.Trouble;
import io.approvalhub.testkit.FakeSlack;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What Slack says no to, and what it makes of long texts and of dialogs.
@Timeout(60)
final class SlackChannelTest {

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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "invalid_auth",
        "token_revoked",
        "account_inactive",
        "missing_scope",
        "channel_not_found",
        "not_in_channel",
        "is_archived"
      })
  void whatAnOperatorMustMendStopsTheChannel(String error) {
    open(Map.of());
    slack.refuse(error, 0);
    assertThatThrownBy(() -> hub.show(small()))
        .isInstanceOf(StoppedException.class)
        .hasMessageContaining(error + "; ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"message_not_found", "cant_update_message", "msg_too_long", "invalid_blocks"})
  void whatSlackWillNeverTakeIsRefused(String error) throws IOException {
    open(Map.of());
    var approval = small();
    hub.show(approval);
    slack.refuse(error, 0);
    assertThatThrownBy(() -> hub.bringUp(approval))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(error);
  }

  @Test
  void aLimitThatIsSaidWithoutATimeIsHonouredToo() {
    open(Map.of());
    slack.refuse("ratelimited", 0);
    assertThatThrownBy(() -> hub.show(small())).isInstanceOf(TryAgainException.class);
  }

  @Test
  void whatIsNotKnownIsTriedAgain() {
    open(Map.of());
    slack.refuse("internal_error", 0);
    assertThat(catchThrowable(() -> hub.show(small()))).isExactlyInstanceOf(IOException.class);
  }

  @Test
  void aLongTextStandsInTheThreadBeforeItCanBeApproved() throws IOException {
    open(Map.of());
    var approval = lines(500);
    hub.show(approval);
    var shown = slack.shown().getFirst();
    assertThat(thread()).isEqualTo(approval.parts().getFirst().text());
    assertThat(called("chat.postMessage").get(1).body()).contains("arguments.txt · 1 of ");
    assertThat(shown.text()).contains("more values", "in full in the thread");
    assertThat(shown.buttons()).containsOnlyKeys(approval.actions());
    var calls = slack.calls();
    assertThat(calls.getFirst().body()).doesNotContain(approval.button(Action.APPROVE));
    assertThat(calls.getFirst().body()).contains(approval.button(Action.DENY));
    assertThat(calls.getLast().name()).isEqualTo("chat.update");
  }

  @Test
  void aReasonThatIsCutStandsInTheThreadToo() throws IOException {
    open(Map.of());
    var reason = "because ".repeat(200) + "of that";
    hub.show(hub.raise("deploy", "{}", FakeHub.Options.PLAIN.reason(reason)));
    assertThat(thread()).contains("Reason given: " + reason);
  }

  @Test
  void aThreadThatStoppedHalfWayGoesOnThere() throws IOException {
    open(Map.of());
    var approval = lines(500);
    slack.refuse("ratelimited", 2);
    assertThatThrownBy(() -> hub.show(approval)).isInstanceOf(TryAgainException.class);
    assertThat(slack.shown().getFirst().buttons()).doesNotContainKey(Action.APPROVE);
    var message = hub.show(approval);
    assertThat(slack.shown()).hasSize(1);
    assertThat(slack.shown().getFirst().ref()).isEqualTo(message);
    assertThat(thread()).isEqualTo(approval.parts().getFirst().text());
    assertThat(slack.shown().getFirst().buttons()).containsKey(Action.APPROVE);
  }

  @Test
  void aThreadThatIsPostedAgainIsTheSame() throws IOException {
    open(Map.of());
    var approval = lines(500);
    assertThat(hub.show(approval)).isEqualTo(hub.show(approval));
    assertThat(slack.shown()).hasSize(1);
    assertThat(thread()).isEqualTo(approval.parts().getFirst().text());
  }

  @Test
  void whatIsTooLongForAThreadCannotBeApproved() throws IOException {
    open(Map.of());
    var approval = lines(5_000);
    hub.show(approval);
    var shown = slack.shown().getFirst();
    assertThat(shown.buttons()).containsOnlyKeys(Action.DENY, Action.DENY_WITH_REASON);
    assertThat(shown.text()).contains("cannot be approved here");
    assertThat(slack.calls()).hasSize(1);
    slack.click(shown, Action.DENY, ALICE, Optional.empty());
    hub.bringUp(approval);
    assertThat(slack.shown().getFirst().text())
        .contains("Denied by Alice")
        .doesNotContain("cannot be approved");
  }

  @Test
  void aDialogThatOpensTooLateIsSaid() throws IOException {
    open(Map.of());
    var press = press(Action.DENY_WITH_REASON);
    deliver(press.put("trigger_id", slack.trigger(Duration.ofSeconds(4))));
    await().until(() -> called("chat.postEphemeral").size() == 1);
    assertThat(called("chat.postEphemeral").getFirst().body()).contains("press the button again");
    assertThat(hub.troubles()).anyMatch(trouble -> trouble.contains("expired_trigger_id"));
    assertThat(hub.decisions()).isEmpty();
  }

  @Test
  void aDialogSaysNothingOfTheApproval() throws IOException {
    open(Map.of());
    var shown = show(small());
    slack.click(shown, Action.DENY_WITH_REASON, new Person("U0MALLORY", "Mallory"), because());
    assertThat(called("views.open").getFirst().body()).doesNotContain("delete_files", "/var/cache");
    assertThat(hub.decisions()).isEmpty();
  }

  @Test
  void aDialogThatIsFilledInTooLateIsToldSo() throws IOException {
    open(Map.of());
    var approval = small();
    var shown = show(approval);
    hub.expire(approval.id());
    var answer = slack.click(shown, Action.DENY_WITH_REASON, ALICE, because());
    assertThat(answer).contains("Already expired");
  }

  @ParameterizedTest
  @ValueSource(strings = {"team", "app"})
  void aClickOfAnotherWorkspaceOrAppIsRefusedAndSaid(String what) throws IOException {
    open(Map.of());
    var press = press(Action.APPROVE);
    deliver(
        what.equals("team")
            ? press.set("team", Json.object().put("id", "T0ANOTHER"))
            : press.put("api_app_id", "A0ANOTHER"));
    await().until(() -> !hub.troubles().isEmpty());
    assertThat(hub.troubles().getFirst()).contains("a click was refused", "0ANOTHER");
    assertThat(hub.decisions()).isEmpty();
  }

  @Test
  void theConfiguredAppCounts() throws IOException {
    open(Map.of("app", "A0CONFIGURED"));
    deliver(press(Action.APPROVE).put("api_app_id", "A0CONFIGURED"));
    await().until(() -> hub.decisions().size() == 1);
  }

  @Test
  void aTokenForAnotherWorkspaceIsAnAlarm() {
    open(Map.of("team", "T0CONFIGURED"));
    await().until(() -> !hub.troubles().isEmpty());
    assertThat(hub.troubles().getFirst()).contains("StoppedException", "not for T0CONFIGURED");
  }

  @ParameterizedTest
  @EnumSource(FakeSlack.Installation.class)
  void anAppMayBeInstalledInAWholeOrganisation(FakeSlack.Installation way) throws IOException {
    slack.install(way);
    open(Map.of());
    var press = press(Action.APPROVE);
    var stranger = press.deepCopy();
    stranger.withObject("/user").put("team_id", "T0EVIL");
    assertThat(slack.send(stranger, ALICE)).contains("You may not decide here");
    assertThat(hub.decisions()).isEmpty();
    slack.send(press, ALICE);
    await().until(() -> hub.decisions().size() == 1);
    assertThat(hub.troubles()).isEmpty();
  }

  @Test
  void severalWorkspacesMayBeConfigured() throws IOException {
    open(Map.of("team", List.of("T0WORKSPACE", "T0SISTER")));
    var press = press(Action.APPROVE);
    press.withObject("/user").put("team_id", "T0SISTER");
    deliver(press);
    await().until(() -> hub.decisions().size() == 1);
  }

  @Test
  void twoChannelsMayShowTheSameSlackChannel() throws IOException {
    open(Map.of());
    try (var other = new FakeHub("audit")) {
      other.allow(ALICE);
      other.open(plugin, slack.settings());
      var approval = other.raise("restart", "{}");
      other.show(approval);
      slack.click(slack.shown().getFirst(), Action.APPROVE, ALICE, Optional.empty());
      await().until(() -> other.decisions().size() == 1);
    }
  }

  @Test
  void nothingIsUnfurledAndNoNameBecomesALink() throws IOException {
    open(Map.of());
    hub.show(hub.raise("fetch", "{\"url\":\"https://example.com/?q=secret\"}"));
    var body = Json.parse(called("chat.postMessage").getFirst().body());
    for (var field : List.of("unfurl_links", "unfurl_media", "mrkdwn", "link_names")) {
      assertThat(body.path(field).asText()).isIn("false", "0");
    }
  }

  @Test
  void aPostThatSlackTookWithoutAnswerIsNotRepeatedUnderneath() {
    open(Map.of());
    slack.trouble(Trouble.ANSWER_LOST, 1);
    assertThat(catchThrowable(() -> hub.show(small()))).isInstanceOf(IOException.class);
    assertThat(called("chat.postMessage")).hasSize(1);
  }

  private Channel open(Map<String, Object> more) {
    var settings = new TreeMap<>(slack.settings());
    settings.putAll(more);
    return hub.open(plugin, settings);
  }

  private Approval small() {
    return hub.raise("delete_files", "{\"path\":\"/var/cache\"}");
  }

  private Approval lines(int count) {
    var arguments = Json.object();
    for (var line = 0; line < count; line++) {
      arguments.put("line" + line, "0123456789 ".repeat(4));
    }
    return hub.raise("write_file", Json.text(arguments));
  }

  private String thread() {
    return String.join("", slack.shown().getFirst().attachments());
  }

  private Shown show(Approval approval) throws IOException {
    hub.show(approval);
    return slack.shown().getLast();
  }

  private ObjectNode press(Action action) throws IOException {
    return slack.press(show(small()), action, ALICE);
  }

  private void deliver(JsonNode press) {
    await().until(() -> slack.socketsOpen() == 1);
    slack.deliver(press);
  }

  private List<Call> called(String name) {
    return slack.calls().stream().filter(call -> call.name().equals(name)).toList();
  }

  private static Optional<String> because() {
    return Optional.of("no");
  }
}
