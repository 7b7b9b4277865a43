package io.approvalhub.slack;

import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.Settings;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

final class SlackPluginTest {

  @Test
  void theHubFindsItByItsName() {
    assertThat(ServiceLoader.load(NotificationPlugin.class))
        .extracting(NotificationPlugin::name)
        .containsExactly("slack");
  }

  @Test
  void settingsPrintNoSecret() {
    var values = Map.of("bot-token", "xoxb-1", "app-token", "xapp-1", "channel", "C0123ABCD");
    var settings = SlackSettings.from(new Settings("channels.ops.settings", values));
    assertThat(settings.toString()).isEqualTo("SlackSettings[C0123ABCD]");
    assertThat(settings.api()).hasToString("https://slack.com/api/");
  }
}
