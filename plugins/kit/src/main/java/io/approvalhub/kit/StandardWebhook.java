package io.approvalhub.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Signing and verifying as the Standard Webhooks specification says, by a clock that is handed in.
public final class StandardWebhook {

  public static final String ID = "webhook-id";
  public static final String TIMESTAMP = "webhook-timestamp";
  public static final String SIGNATURE = "webhook-signature";

  /// How far a timestamp may be from now, before and after.
  public static final Duration WINDOW = Duration.ofMinutes(5);

  private static final String PREFIX = "whsec_";
  private static final int SHORTEST = 24;

  private StandardWebhook() {}

  /// The key in a secret of the form `whsec_<base64>`. Empty when it is malformed or has fewer than
  /// 24 bytes.
  public static Optional<byte[]> key(String secret) {
    return secret.startsWith(PREFIX)
        ? Hmac.fromBase64(secret.substring(PREFIX.length())).filter(key -> key.length >= SHORTEST)
        : Optional.empty();
  }

  /// The three headers that go with a body.
  ///
  /// @param id the same for every attempt at the same message, without a dot
  public static Map<String, String> headers(byte[] key, String id, Instant at, byte[] body) {
    var seconds = String.valueOf(at.getEpochSecond());
    var signature = "v1," + Hmac.base64(digest(key, id, seconds, body));
    return Map.of(ID, id, TIMESTAMP, seconds, SIGNATURE, signature);
  }

  /// Whether the holder of the key signed this body within five minutes of now. The header of the
  /// signature may hold several, separated by blanks; one that fits is enough.
  public static boolean verified(
      byte[] key, String id, String timestamp, String signatures, byte[] body, Instant now) {
    var digest = digest(key, id, timestamp, body);
    return recent(timestamp, now)
        && Stream.of(signatures.split(" ", -1))
            .filter(signature -> signature.startsWith("v1,"))
            .flatMap(signature -> Hmac.fromBase64(signature.substring(3)).stream())
            .anyMatch(signature -> Hmac.same(signature, digest));
  }

  private static boolean recent(String timestamp, Instant now) {
    if (!timestamp.matches("\\d{1,11}")) {
      return false;
    }
    var at = Instant.ofEpochSecond(Long.parseLong(timestamp));
    return Duration.between(at, now).abs().compareTo(WINDOW) <= 0;
  }

  private static byte[] digest(byte[] key, String id, String timestamp, byte[] body) {
    return Hmac.sha256(key, (id + "." + timestamp + ".").getBytes(UTF_8), body);
  }
}
