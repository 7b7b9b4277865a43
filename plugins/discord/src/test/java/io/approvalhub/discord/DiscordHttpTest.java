package io.approvalhub.discord;

import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.plugin.Action;
import io.approvalhub.testkit.FakeDiscord;
import io.approvalhub.testkit.FakePlatform;
import io.approvalhub.testkit.FakePlatform.Call;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DiscordHttpTest extends DiscordContract {

  @Override
  protected FakePlatform platform() {
    return FakeDiscord.http();
  }

  @Override
  protected Map<String, Object> malformed() {
    return Map.of("public-key", "ab".repeat(31), "channel", "1", "application-id", "-");
  }

  @Test
  void discordTakesTheAddress() {
    assertThat(discord().acceptsEndpoint()).isTrue();
    assertThat(hub.contacts()).isNotEmpty();
  }

  @Test
  void aClickThatGrewOldIsRefused() throws IOException {
    var message = shown(raised());
    hub.turn(Duration.ofMinutes(10));
    assertThat(click(message, Action.APPROVE, alice())).isEqualTo(FakeDiscord.FAILED);
    assertNothingDecided();
  }

  @Test
  void theAnswerToAClickIsTheAnswerToTheCall() throws IOException {
    click(shown(raised()), Action.APPROVE, alice());
    assertThat(fake.calls())
        .extracting(Call::name, Call::body)
        .last()
        .hasToString("(\"answerInteraction\", \"{\"type\":6}\")");
  }

  @Test
  void noGatewayIsConnected() throws IOException {
    click(shown(raised()), Action.APPROVE, alice());
    assertThat(discord().connected()).isZero();
  }
}
