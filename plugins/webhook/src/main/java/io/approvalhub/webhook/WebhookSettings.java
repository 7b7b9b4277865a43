package io.approvalhub.webhook;

import io.approvalhub.kit.StandardWebhook;
import io.approvalhub.plugin.Settings;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;

/// @param key in `secret`; signs both ways
/// @param allowPrivate whether the receiver may be in a network that the internet does not reach
/// @param timeout how long one call may take
@SuppressWarnings("ArrayRecordComponent")
record WebhookSettings(URI url, byte[] key, boolean allowPrivate, Duration timeout) {

  static WebhookSettings from(Settings settings) {
    var read =
        new WebhookSettings(
            url(settings),
            key(settings),
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

  private static byte[] key(Settings settings) {
    return StandardWebhook.key(settings.text("secret"))
        .orElseThrow(
            () -> settings.invalid("secret", "must be whsec_ and 24 or more bytes in base64"));
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
