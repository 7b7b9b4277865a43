package io.approvalhub.telegram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.testkit.FakePlatform;
import io.approvalhub.testkit.FakePlatform.Shown;
import io.approvalhub.testkit.FakeTelegram;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebhookTest extends TelegramContract {

  @Override
  protected FakePlatform platform() {
    return FakeTelegram.callingBack();
  }

  @Override
  protected List<String> required() {
    return List.of("token", "chat", "secret-token");
  }

  @Override
  protected List<String> secrets() {
    return List.of("token", "secret-token");
  }

  @Test
  void telegramIsToldWhereToCall() {
    await().until(() -> !hub.contacts().isEmpty());
    assertThat(fake.calls())
        .filteredOn(call -> call.name().equals("setWebhook"))
        .singleElement()
        .satisfies(
            call ->
                assertThat(call.body())
                    .contains(hub.address().toString(), "fake-secret-token_1", "callback_query"));
  }

  @Test
  void anUpdateThatComesTwiceDecidesOnce() throws IOException {
    var update = update(shown(raised()));
    assertThat(channel.receive(call("POST", update)).status()).isEqualTo(200);
    assertThat(channel.receive(call("POST", update)).status()).isEqualTo(200);
    assertThat(hub.decisions()).hasSize(1);
  }

  @Test
  void whatIsNoUpdateIsRefused() throws IOException {
    for (var body : List.of("", "{", "nonsense", "{\"a\":1} {}")) {
      assertThat(channel.receive(call("POST", body)).status()).isEqualTo(400);
      assertThat(channel.receive(call("GET", body)).status()).isEqualTo(400);
    }
    for (var body : List.of("[]", "null", "7", "{\"message\":[]}", "{\"callback_query\":{}}")) {
      assertThat(channel.receive(call("POST", body)).status()).isEqualTo(200);
    }
    assertNothingDecided();
  }

  private String update(Shown message) {
    var data = Optional.ofNullable(message.buttons().get(Action.APPROVE)).orElseThrow();
    var query = ((FakeTelegram) fake).callback(message, data, FakeTelegram.user(alice()));
    return Json.text(Json.object().put("update_id", 1).set("callback_query", query));
  }

  private static HttpCall call(String method, String body) {
    var secret = Map.of("x-telegram-bot-api-secret-token", List.of("fake-secret-token_1"));
    return new HttpCall(method, Map.of(), secret, body.getBytes(UTF_8));
  }
}
