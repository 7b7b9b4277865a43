package io.approvalhub.discord;

import io.approvalhub.kit.Hmac;
import io.approvalhub.plugin.Settings;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;
import java.util.regex.Pattern;

/// What the operator said about one channel on Discord.
///
/// @param place the channel, or empty for direct messages
/// @param user who gets direct messages, or empty for a channel
record DiscordSettings(
    URI api, String gateway, Bot bot, Optional<String> place, Optional<String> user) {

  private static final String API = "https://discord.com/api/v10";
  private static final String GATEWAY = "wss://gateway.discord.gg/";
  private static final Pattern SNOWFLAKE = Pattern.compile("\\d{15,20}");

  /// Who the hub is on Discord.
  ///
  /// @param application the id of the application that the bot belongs to
  /// @param publicKey what clicks that come by HTTP are signed with; empty when they come by
  ///     gateway
  record Bot(String application, String token, Optional<PublicKey> publicKey) {

    @Override
    public String toString() {
      return "Bot[" + application + "]";
    }
  }

  /// What comes before the 32 bytes of an Ed25519 key in X.509.
  private static final String X509 = "302a300506032b6570032100";

  static DiscordSettings from(Settings settings) {
    var discord =
        new DiscordSettings(
            settings.optionalAddress("api").orElse(URI.create(API)),
            matching(settings, "gateway", Pattern.compile("wss?://.+"), "a ws or wss address")
                .orElse(GATEWAY),
            bot(settings),
            snowflake(settings, "channel"),
            snowflake(settings, "user"));
    if (discord.place.isPresent() == discord.user.isPresent()) {
      throw settings.invalid("channel", "is required, or user for direct messages; not both");
    }
    return discord;
  }

  @Override
  public String toString() {
    return "DiscordSettings[" + place.or(() -> user).orElseThrow() + "]";
  }

  private static Bot bot(Settings settings) {
    return new Bot(
        snowflake(settings, "application-id")
            .orElseThrow(() -> settings.invalid("application-id", "is required")),
        token(settings),
        settings.optional("public-key").map(hex -> publicKey(settings, hex)));
  }

  /// Whether a text has the form of the ids that Discord gives.
  static boolean snowflake(String text) {
    return SNOWFLAKE.matcher(text).matches();
  }

  private static String token(Settings settings) {
    var token = settings.text("token");
    if (!token.matches("[\\w.=-]+")) {
      throw settings.invalid("token", "must be the bare bot token, without 'Bot ' or quotes");
    }
    return token;
  }

  private static Optional<String> snowflake(Settings settings, String key) {
    return matching(settings, key, SNOWFLAKE, "an id such as 80351110224678912");
  }

  private static Optional<String> matching(
      Settings settings, String key, Pattern pattern, String form) {
    var value = settings.optional(key);
    value
        .filter(text -> !pattern.matcher(text).matches())
        .ifPresent(
            text -> {
              throw settings.invalid(key, "must be " + form + ", not '" + text + "'");
            });
    return value;
  }

  private static PublicKey publicKey(Settings settings, String hex) {
    try {
      var bytes = Hmac.fromHex(X509 + hex).filter(_ -> hex.length() == 64);
      return KeyFactory.getInstance("Ed25519")
          .generatePublic(new X509EncodedKeySpec(bytes.orElse(new byte[0])));
    } catch (GeneralSecurityException _) {
      throw settings.invalid("public-key", "must be the 64 hexadecimal digits Discord shows");
    }
  }
}
