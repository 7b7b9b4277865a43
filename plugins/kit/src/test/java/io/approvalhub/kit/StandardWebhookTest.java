package io.approvalhub.kit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StandardWebhookTest {

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final byte[] KEY = StandardWebhook.key(SECRET).orElseThrow();
  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(UTF_8);
  private static final Instant THEN = Instant.ofEpochSecond(1614265330);

  @Test
  void itSignsAsTheSpecificationDoes() {
    assertThat(StandardWebhook.headers(KEY, "msg_p5jXN8AQM9LWM0D4loKWxJek", THEN, BODY))
        .containsEntry("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void fiveMinutesEitherWayAreAllowed() {
    assertThat(verified(signature(), THEN.plusSeconds(300))).isTrue();
    assertThat(verified(signature(), THEN.minusSeconds(300))).isTrue();
    assertThat(verified(signature(), THEN.plus(Duration.ofSeconds(301)))).isFalse();
    assertThat(verified(signature(), THEN.minus(Duration.ofSeconds(301)))).isFalse();
  }

  @Test
  void oneOfSeveralSignaturesIsEnough() {
    assertThat(verified("v1,AAAA v1a,BBBB " + signature(), THEN)).isTrue();
    assertThat(verified("v1,AAAA v1a,BBBB v1,!", THEN)).isFalse();
  }

  @Test
  void aSecretMustBeLongEnough() {
    assertThat(StandardWebhook.key(SECRET)).isPresent();
    assertThat(StandardWebhook.key("whsec_c2hvcnQ=")).isEmpty();
    assertThat(StandardWebhook.key("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")).isEmpty();
    assertThat(StandardWebhook.key("whsec_%")).isEmpty();
  }

  private static String signature() {
    return StandardWebhook.headers(KEY, "id", THEN, BODY).getOrDefault("webhook-signature", "");
  }

  private static boolean verified(String signatures, Instant now) {
    return StandardWebhook.verified(
        KEY, "id", String.valueOf(THEN.getEpochSecond()), signatures, BODY, now);
  }
}
