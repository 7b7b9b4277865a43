package io.approvalhub.webhook;

import io.approvalhub.kit.StandardWebhook;
import io.approvalhub.plugin.Settings;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// @param keys in `secret`; each signs what goes out, and any may sign what comes in
/// @param allowPrivate whether the receiver may be in a network that the internet does not reach
/// @param timeout how long one call may take
record WebhookSettings(URI url, List<byte[]> keys, boolean allowPrivate, Duration timeout) {

  static WebhookSettings from(Settings settings) {
    var read =
        new WebhookSettings(
            url(settings),
            keys(settings),
            settings.flag("allow-private", false),
            settings.duration("timeout", Duration.ofSeconds(15)));
    if (read.timeout.isZero()) {
      throw settings.invalid("timeout", "must be longer than nothing");
    }
    if (!read.allowPrivate && isPrivate(read.url.getHost())) {
      throw settings.invalid("url", PublicAddresses.REFUSAL);
    }
    return read;
  }

  @Override
  public String toString() {
    return "WebhookSettings[" + url.getHost() + "]";
  }

  private static URI url(Settings settings) {
    if (settings.address("url").getUserInfo() != null) {
      throw settings.invalid("url", "must not hold a user");
    }
    // As it was written: to some receivers a slash at the end makes a difference.
    return URI.create(settings.text("url"));
  }

  private static List<byte[]> keys(Settings settings) {
    var secrets =
        settings.list("secret").stream().flatMap(text -> Stream.of(text.split("\\s+"))).toList();
    if (secrets.isEmpty()) {
      throw settings.invalid("secret", "is required");
    }
    return secrets.stream().map(secret -> key(settings, secret)).toList();
  }

  private static byte[] key(Settings settings, String secret) {
    return StandardWebhook.key(secret)
        .orElseThrow(
            () ->
                settings.invalid(
                    "secret",
                    "must be whsec_ and 24 or more bytes in base64, or several of these"));
  }

  /// Names are looked up with every call; only an address can be judged now.
  private static boolean isPrivate(String host) {
    try {
      return !PublicAddresses.isPublic(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
