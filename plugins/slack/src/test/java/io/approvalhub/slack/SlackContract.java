package io.approvalhub.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.Person;
import io.approvalhub.plugin.Verdict;
import io.approvalhub.testkit.ChannelContract;
import io.approvalhub.testkit.FakePlatform;
import io.approvalhub.testkit.FakeSlack;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What both ways into Slack have in common.
abstract class SlackContract extends ChannelContract {

  /// One for all channels of a test, as in the hub.
  final SlackPlugin plugin = new SlackPlugin();

  private final FakeSlack slack;

  SlackContract(FakeSlack.Mode mode) {
    slack = new FakeSlack(mode);
  }

  final FakeSlack slack() {
    return slack;
  }

  @Override
  protected FakePlatform platform() {
    return slack;
  }

  @Override
  protected NotificationPlugin plugin() {
    return plugin;
  }

  @Override
  protected boolean replies() {
    return false;
  }

  @Override
  protected List<String> nobodies() {
    return List.of(
        "alice",
        "@alice",
        "Alice Smith",
        "u0alice",
        "U0 ALICE",
        "C0ALICE",
        "#U0ALICE",
        "alice/U0ALICE");
  }

  @Override
  protected boolean saysWhatWasPressed() {
    return true;
  }

  @Override
  protected Person person(String name) {
    return new Person("U0" + name.toUpperCase(Locale.ROOT), name);
  }

  @Test
  void aPersonOfAnotherWorkspaceIsAStranger() throws IOException {
    var press = slack.press(shown(raised()), Action.APPROVE, alice());
    press.withObject("/user").put("team_id", "T0EVIL");
    assertThat(slack.send(press, alice())).contains("You may not decide here");
    assertNothingDecided();
  }

  @Test
  void aPersonWhoseWorkspaceIsNotSaidIsAStranger() throws IOException {
    var press = slack.press(shown(raised()), Action.APPROVE, alice());
    press.withObject("/user").remove("team_id");
    assertThat(slack.send(press, alice())).contains("You may not decide here");
    assertNothingDecided();
  }

  @ParameterizedTest
  @ValueSource(strings = {"T0WORKSPACE", "T0PARTNER"})
  void aPersonOfAnotherWorkspaceIsNamedWithIt(String team) throws IOException {
    var carol = new Person("T0PARTNER/U0CAROL", "Carol");
    hub.allow(carol);
    var approval = raised();
    var press = slack.press(shown(approval), Action.APPROVE, new Person("U0CAROL", "Carol"));
    press.withObject("/user").put("team_id", "T0PARTNER");
    press.withObject("/team").put("id", team);
    slack.send(press, carol);
    assertDecided(approval, Verdict.APPROVE, carol);
  }

  @Test
  void aChannelThatGotAnotherIdIsTheSame() throws IOException {
    var approval = raised();
    var message = shown(approval);
    slack.share();
    click(message, Action.APPROVE, alice());
    assertDecided(approval, Verdict.APPROVE, alice());
    hub.bringUp(approval);
    assertThat(said(approval)).contains("Approved by Alice");
    assertThat(click(message, Action.DENY, bob())).contains("Already approved by Alice");
  }

  @Test
  void aChannelThatGotAnotherIdBeforeAPostIsTheSame() throws IOException {
    slack.share();
    var approval = raised();
    fake.click(shown(approval), Action.DENY_WITH_REASON, alice(), Optional.of("no"));
    assertThat(assertDecided(approval, Verdict.DENY, alice()).reason()).contains("no");
  }

  @Test
  void aClickThatTheHubCannotTakeIsShownToFailAndTheNextIsTaken() throws IOException {
    var approval = raised();
    var press = slack.press(shown(approval), Action.APPROVE, alice());
    hub.reachable(false);
    assertThatThrownBy(() -> slack.send(press, alice())).hasMessageContaining("Slack shows");
    hub.reachable(true);
    slack.send(press, alice());
    assertDecided(approval, Verdict.APPROVE, alice());
  }

  @Test
  void aButtonThatNobodyKnowsIsAnsweredAndTheNextClickIsTaken() throws IOException {
    var approval = raised();
    var press = slack.press(shown(approval), Action.APPROVE, alice());
    var broken = press.deepCopy();
    ((ObjectNode) broken.at("/actions/0")).put("value", "ah:a:\u0000").put("action_ts", "1");
    assertThat(slack.send(broken, alice())).contains("That request is gone");
    assertNothingDecided();
    slack.send(press, alice());
    assertDecided(approval, Verdict.APPROVE, alice());
  }

  @AfterEach
  void noBodyBrokeALimit() {
    assertThat(slack.refusals())
        .noneMatch(refusal -> refusal.contains("invalid_") || refusal.contains("too_long"));
  }
}
