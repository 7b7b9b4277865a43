package io.approvalhub.telegram;

import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.testkit.ChannelContract;
import java.util.List;
import java.util.Map;

/// What both ways of listening have in common.
abstract class TelegramContract extends ChannelContract {

  @Override
  protected NotificationPlugin plugin() {
    return new TelegramPlugin();
  }

  @Override
  protected List<String> required() {
    return List.of("token", "chat");
  }

  @Override
  protected List<String> secrets() {
    return List.of("token");
  }

  @Override
  protected boolean saysWhatWasPressed() {
    return true;
  }

  @Override
  protected List<String> nobodies() {
    return List.of("@alice", "alice", "-1001234567890", "0", "+49 151 12345678");
  }

  @Override
  protected Map<String, Object> malformed() {
    return Map.of(
        "api", "https://api.telegram.org/proxy",
        "token", "no-colon",
        "chat", "my group",
        "topic", "first",
        "mode", "carrier pigeon",
        "secret-token", "not allowed!");
  }
}
