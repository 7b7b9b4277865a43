package io.approvalhub.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.approvalhub.plugin.InvalidSettingException;
import io.approvalhub.plugin.Settings;
import io.approvalhub.telegram.TelegramSettings.Mode;
import io.approvalhub.testkit.FakeHub;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TelegramSettingsTest {

  private static final String TOKEN = "123456789:AbC-dEf_0";

  @Test
  void aTokenAndAChatAreEnough() {
    var settings = settings(Map.of());
    assertThat(settings.api()).hasToString("https://api.telegram.org");
    assertThat(settings.port()).isEqualTo(443);
    assertThat(settings.bot()).isEqualTo(123_456_789);
    assertThat(settings.mode()).isEqualTo(Mode.POLLING);
    assertThat(settings.topic()).isEmpty();
  }

  @Test
  void everythingCanBeSet() {
    var settings =
        settings(
            Map.of(
                "api", "http://127.0.0.1:8081/",
                "chat", "@approvals",
                "topic", 7,
                "mode", "webhook",
                "secret-token", "aZ0_-"));
    assertThat(settings.port()).isEqualTo(8081);
    assertThat(settings.chat()).isEqualTo("@approvals");
    assertThat(settings.topic()).contains(7);
    assertThat(settings.secretToken()).contains("aZ0_-");
  }

  @Test
  void anApiMayHoldAHostAndAPortOnly() {
    for (var api :
        List.of(
            "https://h.example/telegram", "https://u:p4ss@h.example", "https://h.example?a=b")) {
      assertThatThrownBy(() -> settings(Map.of("api", api)))
          .isInstanceOf(InvalidSettingException.class)
          .hasMessage(
              "channels.phone.settings.api may hold a host and a port only, such as"
                  + " http://127.0.0.1:8081");
    }
  }

  @Test
  void aMalformedSecretIsNotQuoted() {
    assertThatThrownBy(() -> settings(Map.of("token", "hunter2")))
        .hasMessageContaining("settings.token must look like")
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(() -> settings(Map.of("secret-token", "hunter 2")))
        .hasMessageContaining("settings.secret-token must be")
        .hasMessageNotContaining("hunter");
  }

  @Test
  void aWebhookNeedsASecret() {
    assertThatThrownBy(() -> settings(Map.of("mode", "webhook")))
        .hasMessage("channels.phone.settings.secret-token is required");
  }

  @Test
  void aBotServesOneChannel() {
    var plugin = new TelegramPlugin();
    var values = Map.<String, Object>of("token", TOKEN, "chat", "42", "api", "http://127.0.0.1:1");
    try (var hub = new FakeHub("phone");
        var other = new FakeHub("ops")) {
      hub.open(plugin, values);
      assertThatThrownBy(() -> other.open(plugin, values))
          .hasMessageStartingWith("channels.ops.settings.token is that of another channel's bot");
    }
  }

  @Test
  void secretsDoNotPrint() {
    assertThat(settings(Map.of("secret-token", "s3cret")).toString())
        .isEqualTo("TelegramSettings[-1001, POLLING]");
  }

  private static TelegramSettings settings(Map<String, Object> changes) {
    var values = new HashMap<String, Object>(Map.of("token", TOKEN, "chat", "-1001"));
    values.putAll(changes);
    return TelegramSettings.from(new Settings("channels.phone.settings", values));
  }
}
