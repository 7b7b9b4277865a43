package io.approvalhub.telegram;

import io.approvalhub.plugin.Settings;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/// One chat, and the bot that posts there.
///
/// @param topic the thread of a forum that messages go to
/// @param secretToken what Telegram proves itself with when it calls back
record TelegramSettings(
    URI api,
    String token,
    String chat,
    Optional<Integer> topic,
    Mode mode,
    Optional<String> secretToken) {

  private static final URI TELEGRAM = URI.create("https://api.telegram.org");
  private static final Pattern TOKEN = Pattern.compile("(\\d{1,18}):[A-Za-z0-9_-]+");
  private static final Pattern CHAT = Pattern.compile("-?\\d{1,18}|@[A-Za-z]\\w+");
  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{1,256}");

  /// How updates come in.
  enum Mode {
    POLLING,
    WEBHOOK
  }

  static TelegramSettings from(Settings settings) {
    var mode = settings.choice("mode", Mode.POLLING);
    var secret =
        mode == Mode.WEBHOOK
            ? Optional.of(settings.text("secret-token"))
            : settings.optional("secret-token");
    return new TelegramSettings(
            settings.optionalAddress("api").orElse(TELEGRAM),
            settings.text("token"),
            settings.text("chat"),
            Optional.of(settings.number("topic", 0, 0, Integer.MAX_VALUE)).filter(id -> id > 0),
            mode,
            secret)
        .checked(settings);
  }

  /// The bot's own user id, which its token begins with.
  long bot() {
    return Long.parseLong(token.substring(0, token.indexOf(':')));
  }

  /// The port of the API, also where the address leaves it out.
  int port() {
    var usual = api.getScheme().equals("https") ? 443 : 80;
    return api.getPort() == -1 ? usual : api.getPort();
  }

  @Override
  public String toString() {
    return "TelegramSettings[" + chat + ", " + mode + "]";
  }

  private TelegramSettings checked(Settings settings) {
    if (!bare(api)) {
      throw settings.invalid(
          "api", "may hold a host and a port only, such as http://127.0.0.1:8081");
    }
    if (!TOKEN.matcher(token).matches()) {
      throw settings.invalid("token", "must look like 123456789:AbC…, as BotFather gave it");
    }
    if (!CHAT.matcher(chat).matches()) {
      throw settings.invalid(
          "chat", "must be a number such as -1001234567890, or @name, not '" + chat + "'");
    }
    if (secretToken.isPresent() && !SECRET.matcher(secretToken.get()).matches()) {
      throw settings.invalid("secret-token", "must be 1 to 256 of A-Z, a-z, 0-9, _ and -");
    }
    return this;
  }

  /// The library puts the token right behind the host and drops the rest.
  private static boolean bare(URI api) {
    return api.getRawPath().isEmpty()
        && api.getRawQuery() == null
        && api.getRawFragment() == null
        && api.getRawUserInfo() == null;
  }
}
