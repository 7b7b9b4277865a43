package io.approvalhub.whatsapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.approvalhub.kit.Json;
import io.approvalhub.plugin.RefusedException;
import io.approvalhub.plugin.Settings;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import io.approvalhub.testkit.FakeServer;
import io.approvalhub.testkit.FakeServer.Answer;
import io.approvalhub.testkit.FakeWhatsApp;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WhatsAppApiTest {

  private static final String TOKEN = "EAAJsecret";

  private volatile Answer answer = Answer.of(200);
  private final FakeServer server = new FakeServer().aside("POST", ".*", _ -> answer);
  private final WhatsAppApi api =
      new WhatsAppApi(WhatsAppSettings.from(new Settings("", settings())));

  @AfterEach
  void close() {
    api.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 80007, 130429, 131056})
  void whatIsTooMuchIsTriedAgain(int code) {
    assertThat(failure(400, code))
        .isInstanceOfSatisfying(
            TryAgainException.class, e -> assertThat(e.delay()).isEqualTo(Duration.ofSeconds(6)));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {3, 10, 190, 200, 299, 131026, 131030, 131031, 131042, 132001, 132015, 132016, 133010})
  void whatAnOperatorMustMendStopsTheChannel(int code) {
    assertThat(failure(400, code)).isInstanceOf(StoppedException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 131008, 131009, 132000})
  void whatIsMalformedIsRefused(int code) {
    assertThat(failure(400, code))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("WhatsApp answered 400, code " + code + ": something about [masked]");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 131000, 131016})
  void anythingElseIsTriedAgain(int code) {
    assertThat(failure(500, code)).isExactlyInstanceOf(IOException.class);
  }

  @Test
  void aNumberThatTheTokenMayNotUseStopsTheChannel() {
    answer = error(400, 100, 33);
    assertThat(failure())
        .isInstanceOf(StoppedException.class)
        .hasMessageContaining("phone-number-id");
  }

  @Test
  void anAnswerWithoutWordsIsUnderstoodToo() {
    answer = Answer.of(401);
    assertThat(failure()).isInstanceOf(StoppedException.class);
    answer = Answer.of(429).with("Retry-After", "7");
    assertThat(failure())
        .isInstanceOfSatisfying(
            TryAgainException.class, e -> assertThat(e.delay()).isEqualTo(Duration.ofSeconds(7)));
    answer = Answer.of(200);
    assertThat(failure()).isExactlyInstanceOf(IOException.class);
  }

  private Throwable failure(int status, int code) {
    answer = error(status, code, 0);
    var failure = failure();
    assertThat(failure.getMessage()).doesNotContain(TOKEN);
    return failure;
  }

  private Throwable failure() {
    return catchThrowable(() -> api.send(Json.object()));
  }

  private static Answer error(int status, int code, int subcode) {
    var body = Json.object();
    var error = body.putObject("error").put("code", code).put("error_subcode", subcode);
    error.put("message", "Malformed access token " + TOKEN);
    error.putObject("error_data").put("details", "something about " + TOKEN);
    return Answer.json(status, body);
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings;
    try (var fake = new FakeWhatsApp()) {
      settings = new HashMap<>(fake.settings());
    }
    settings.put("api", server.address().toString());
    settings.put("access-token", TOKEN);
    return settings;
  }
}
