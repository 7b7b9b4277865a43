package io.approvalhub.telegram;

import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.Settings;
import java.util.HashSet;
import java.util.Set;

/// Telegram, through the Bot API.
public final class TelegramPlugin implements NotificationPlugin {

  private final Set<Long> bots = new HashSet<>();

  @Override
  public String name() {
    return "telegram";
  }

  /// Telegram hands the updates of a bot to one listener only: two channels would take them from
  /// each other.
  @Override
  public Channel open(Settings settings, Hub hub) {
    var read = TelegramSettings.from(settings);
    if (!bots.add(read.bot())) {
      throw settings.invalid(
          "token", "is that of another channel's bot; BotFather makes one bot for each channel");
    }
    return TelegramChannel.open(read, hub);
  }
}
