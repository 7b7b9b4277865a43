package io.approvalhub.discord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Settings;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.Verdict;
import io.approvalhub.testkit.FakeDiscord;
import io.approvalhub.testkit.FakeHub;
import io.approvalhub.testkit.FakePlatform;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiscordGatewayTest extends DiscordContract {

  @Override
  protected FakePlatform platform() {
    return FakeDiscord.gateway();
  }

  @Override
  protected Map<String, Object> malformed() {
    return Map.of(
        "token", "Bot abc",
        "channel", "#ops",
        "application-id", "approvals",
        "gateway", "https://gateway.discord.gg");
  }

  @Test
  void theGatewayWasHeardOf() {
    await().until(() -> !hub.contacts().isEmpty());
  }

  @Test
  void aDroppedConnectionIsResumed() throws IOException {
    var approval = raised();
    var message = shown(approval);
    await().until(() -> discord().connected() == 1);
    discord().dropGateway();
    await().until(() -> discord().resumed() == 1);
    assertThat(click(message, Action.APPROVE, alice())).isEmpty();
    assertDecided(approval, Verdict.APPROVE, alice());
  }

  @Test
  void aClickDuringAGapCountsAsSoonAsTheGatewayIsBack() throws IOException {
    var approval = raised();
    var message = shown(approval);
    await().until(() -> discord().connected() == 1);
    discord().refuseGateway(true);
    discord().dropGateway();
    assertThat(click(message, Action.APPROVE, alice())).isEqualTo(FakeDiscord.FAILED);
    assertNothingDecided();
    discord().refuseGateway(false);
    assertDecided(approval, Verdict.APPROVE, alice());
    hub.bringUp(approval);
    assertThat(said(approval)).contains("Approved by Alice");
    // The answer to the click came too late for Discord, which is worth a line and no more.
    await().until(() -> String.join("", hub.troubles()).contains("10062"));
  }

  @Test
  void messagesAreSentWhileTheGatewayIsDown() throws IOException {
    await().until(() -> discord().connected() == 1);
    discord().refuseGateway(true);
    discord().dropGateway();
    var approval = raised();
    shown(approval);
    hub.expire(approval.id());
    hub.bringUp(approval);
    assertThat(said(approval)).contains("Expired");
  }

  @Test
  void aGatewayThatRefusedAtTheStartIsUsedWhenItIsUp() throws IOException {
    try (var late = FakeDiscord.gateway();
        var lateHub = new FakeHub("late")) {
      late.refuseGateway(true);
      lateHub.allow(alice());
      open(lateHub, late.settings());
      lateHub.show(lateHub.raise("delete_files", "{}"));
      await().until(() -> late.refused() > 0);
      late.refuseGateway(false);
      late.click(late.shown().getFirst(), Action.DENY, alice(), Optional.empty());
      await().until(() -> lateHub.decisions().size() == 1);
    }
  }

  @Test
  void aGatewayThatIsNotReachedForLongIsReported() {
    discord().refuseGateway(true);
    var settings = DiscordSettings.from(new Settings("x", fake.settings()));
    try (var api = new DiscordApi(settings, hub.clock())) {
      var patience = Duration.ofMillis(500);
      var gateway = new DiscordGateway(settings, api, hub, patience, _ -> {});
      assertThatThrownBy(gateway::run)
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(StoppedException.class)
          .hasMessageContaining("not reached");
    }
  }

  @Test
  void aClickThatTheHubCannotTakeIsReported() throws IOException {
    try (var broken = new FakeHub("broken")) {
      var settings = DiscordSettings.from(new Settings("x", fake.settings()));
      var api = new DiscordApi(settings, broken.clock());
      var patience = Duration.ofMinutes(1);
      broken.connect("gateway", new DiscordGateway(settings, api, broken, patience, this::fail));
      await().until(() -> discord().connected() == 2);
      click(shown(raised()), Action.APPROVE, person("Mallory"));
      await()
          .until(() -> broken.troubles().contains("A click was not taken: IllegalStateException"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/member/user", "/message", "/channel", "/entitlements", "/data/values"})
  void aClickThatTheLibraryCannotReadIsTakenAllTheSame(String part) throws IOException {
    var approval = raised();
    var interaction = discord().interaction(shown(approval), Action.APPROVE, alice());
    var cut = part.lastIndexOf('/');
    interaction.withObject(part.substring(0, cut)).put(part.substring(cut + 1), "unheard of");
    if (part.equals("/member/user")) {
      interaction.set("user", interaction.path("member"));
    }
    assertThat(discord().send(interaction)).isNotEqualTo(FakeDiscord.FAILED);
  }

  @Test
  void aClickThatNothingCanReadIsSaid() throws IOException {
    try (var other = new FakeHub("other")) {
      var settings = DiscordSettings.from(new Settings("x", fake.settings()));
      var api = new DiscordApi(settings, other.clock());
      var patience = Duration.ofMillis(500);
      other.connect("gateway", new DiscordGateway(settings, api, other, patience, _ -> {}));
      await().until(() -> discord().connected() == 2);
      var interaction = discord().interaction(shown(raised()), Action.APPROVE, alice());
      discord().dispatch(interaction.put("guild_id", "nowhere"));
      await()
          .until(() -> String.join("", other.troubles()).contains("something that cannot be read"));
      click(shown(raised()), Action.APPROVE, alice());
      assertThat(hub.decisions()).hasSize(1);
    }
  }

  @Test
  void anApiThatIsDownAtTheStartIsUsedWhenItIsUp() {
    try (var late = FakeDiscord.gateway();
        var lateHub = new FakeHub("late")) {
      late.down(true);
      open(lateHub, late.settings());
      await().until(() -> String.join("", lateHub.troubles()).contains("503"));
      late.down(false);
      await().until(() -> late.connected() == 1);
    }
  }

  @Test
  void aRevokedTokenEndsTheConnection() {
    await().until(() -> discord().connected() == 1);
    discord().revoke();
    await().until(() -> stopped().contains("token"));
  }

  @Test
  void aGatewayThatRefusesTheBotForGoodSaysWhy() {
    await().until(() -> discord().connected() == 1);
    discord().closeGateway(4014);
    await().until(() -> stopped().contains("Disallowed intents"));
  }

  @Test
  void clicksThatWouldGoToAnAddressAreMissedAloud() {
    await().until(() -> discord().connected() == 1);
    discord().endpoint("https://old.example");
    discord().closeGateway(4014);
    await().until(() -> stopped().contains("Interactions Endpoint URL"));
  }

  @Test
  void theTokenOfAnotherApplicationIsNoticed() {
    try (var other = new FakeHub("other")) {
      open(other, changed("application-id", "1100000000000000404"));
      await().until(() -> String.join("", other.troubles()).contains("application-id"));
    }
  }

  @Test
  void twoChannelsOfOneBotDoNotAnswerForEachOther() throws IOException {
    try (var direct = new FakeHub("direct")) {
      direct.allow(alice());
      open(direct, direct());
      var message = shown(direct.show(direct.raise("delete_files", "{}")));
      await().until(() -> discord().connected() == 2);
      assertThat(click(message, Action.APPROVE, alice())).isEmpty();
      assertThat(direct.decisions()).hasSize(1);
      assertThat(hub.troubles()).isEmpty();
      assertThat(direct.troubles()).isEmpty();
    }
  }

  @Test
  void nothingIsLeftWhenTheHubStops() {
    await().until(() -> discord().connected() == 1);
    hub.close();
    await().until(() -> discord().connected() == 0);
    assertThat(hub.troubles()).isEmpty();
  }

  private void fail(JsonNode interaction) {
    throw new IllegalStateException(interaction.toString());
  }

  private String stopped() {
    return String.join("\n", hub.troubles().stream().filter(t -> t.contains("Stopped")).toList());
  }
}
