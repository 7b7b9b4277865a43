package io.approvalhub.slack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.approvalhub.kit.Hmac;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.HttpReply;
import io.approvalhub.testkit.FakeHub;
import io.approvalhub.testkit.FakePlatform.Call;
import io.approvalhub.testkit.FakeSlack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SlackHttpTest extends SlackContract {

  SlackHttpTest() {
    super(FakeSlack.Mode.HTTP);
  }

  @Override
  protected List<String> required() {
    return List.of("bot-token", "channel");
  }

  @Override
  protected List<String> secrets() {
    return List.of("bot-token", "signing-secret");
  }

  @Override
  protected Map<String, Object> malformed() {
    return Map.of("api", "slack.com", "bot-token", "xapp-1", "channel", "#approvals");
  }

  @Test
  void aClickWhoseSignatureGrewOldIsRefused() throws IOException {
    var message = shown(raised());
    for (var by : List.of(Duration.ofMinutes(6), Duration.ofMinutes(-12))) {
      hub.turn(by);
      assertThatThrownBy(() -> click(message, Action.APPROVE, alice())).hasMessageContaining("401");
    }
    assertNothingDecided();
  }

  @Test
  void onlyThePlatformIsHeardAsContact() throws IOException {
    await().until(() -> hub.contacts().size() == 1);
    var message = shown(raised());
    slack().forgeries(message, alice()).stream().limit(4).forEach(this::receive);
    assertThat(hub.contacts()).hasSize(1);
    click(message, Action.APPROVE, alice());
    assertThat(hub.contacts()).hasSize(2);
  }

  @Test
  void aSignatureOverSomethingElseIsNotEnough() {
    assertThat(receive(signed("payload=")).status()).isEqualTo(400);
    assertThat(receive(signed("payload=%")).status()).isEqualTo(400);
    assertThat(receive(signed("payload=%7B")).status()).isEqualTo(400);
    assertThat(receive(signed("")).status()).isEqualTo(400);
    assertThat(receive(signed("payload=%7B%7D")).status()).isEqualTo(200);
    assertThat(receive(new HttpCall("GET", Map.of(), Map.of(), new byte[0])).status())
        .isEqualTo(401);
    assertNothingDecided();
  }

  @Test
  void slackMayTryOutTheAddress() {
    var unsigned = new HttpCall("POST", Map.of(), Map.of(), "ssl_check=1&token=x".getBytes(UTF_8));
    assertThat(receive(unsigned).status()).isEqualTo(200);
    assertThat(receive(signed("ssl_check=1")).status()).isEqualTo(200);
    assertThat(receive(signed("ssl_check=0")).status()).isEqualTo(400);
  }

  @Test
  void aCallThatIsRepeatedIsTakenOnce() throws IOException {
    var press = slack().press(shown(raised()), Action.APPROVE, alice());
    var call = signed("payload=" + URLEncoder.encode(Json.text(press), UTF_8));
    assertThat(receive(call).status()).isEqualTo(200);
    assertThat(receive(call).status()).isEqualTo(200);
    assertThat(hub.decisions()).hasSize(1);
    assertThat(slack().calls().stream().map(Call::name)).doesNotContain("chat.postEphemeral");
  }

  @Test
  void theOneAddressOfAnAppServesAllItsChannels() throws IOException {
    try (var other = new FakeHub("incidents")) {
      other.allow(alice());
      other.open(plugin, slack().settings(FakeSlack.OTHER_CHANNEL));
      other.show(other.raise("restart", "{}"));
      click(slack().shown().getLast(), Action.APPROVE, alice());
      assertThat(other.decisions()).hasSize(1);
    }
    assertNothingDecided();
  }

  private HttpReply receive(HttpCall call) {
    try {
      return channel.receive(call);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpCall signed(String body) {
    var time = String.valueOf(hub.clock().instant().getEpochSecond());
    var secret = String.valueOf(slack().settings().get("signing-secret")).getBytes(UTF_8);
    var hash = Hmac.sha256(secret, ("v0:" + time + ":" + body).getBytes(UTF_8));
    return new HttpCall(
        "POST",
        Map.of(),
        Map.of(
            "x-slack-request-timestamp",
            List.of(time),
            "x-slack-signature",
            List.of("v0=" + Hmac.hex(hash))),
        body.getBytes(UTF_8));
  }
}
