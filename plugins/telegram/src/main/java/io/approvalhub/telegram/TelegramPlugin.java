package io.approvalhub.telegram;

import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.Settings;
import io.approvalhub.plugin.StandIn;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

  @Override
  public Optional<String> personIdProblem(String id) {
    return id.matches("[1-9]\\d{0,15}")
        ? Optional.empty()
        : Optional.of("must be the number of a Telegram account, such as 42424242");
  }

  @Override
  public Optional<StandIn> standIn() {
    return Optional.of(new StandIn(TelegramPlugin::example, TelegramPlugin::answer));
  }

  private static Map<String, Object> example(URI api) {
    return Map.of(
        "api", api.toString(),
        "token", "123456789:AAExampleExampleExampleExampleExample",
        "chat", "1",
        "mode", "webhook",
        "secret-token", "example");
  }

  private static String answer(String path) {
    var method = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    var result =
        switch (method) {
          case "sendmessage" ->
              "{\"message_id\": 1, \"date\": 1, \"chat\": {\"id\": 1, \"type\": \"private\"}}";
          case "getme" -> "{\"id\": 123456789, \"is_bot\": true, \"first_name\": \"Example\"}";
          default -> "true";
        };
    return "{\"ok\": true, \"result\": %s}".formatted(result);
  }
}
