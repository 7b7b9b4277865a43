package io.approvalhub.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.approvalhub.TestHub;
import io.approvalhub.kit.Json;
import io.approvalhub.testkit.FakeTelegram;
import io.approvalhub.testkit.FakeWebhookReceiver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Objects;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/// Whatever is sent to the API and to the callbacks: no server error, and nothing is decided by who
/// may not.
final class FuzzTest {

  private static final FakeWebhookReceiver RECEIVER = new FakeWebhookReceiver();
  private static final FakeTelegram TELEGRAM = FakeTelegram.callingBack();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static @Nullable TestHub hub;
  private static String approval = "";

  @BeforeContainer
  static void start() throws IOException {
    var folder = Files.createTempDirectory("fuzz");
    folder.toFile().deleteOnExit();
    hub = TestHub.start(folder, configuration(), false);
    approval = hub().raise("rm", "{\"path\": \"/\"}");
    await().until(() -> !RECEIVER.shown().isEmpty() && !TELEGRAM.shown().isEmpty());
  }

  @AfterContainer
  static void stop() {
    hub().close();
    RECEIVER.close();
    TELEGRAM.close();
  }

  @Property(tries = 600, shrinking = ShrinkingMode.OFF)
  void noBodyMakesTheApiFailAndNoOtherKeyDecides(
      @ForAll("paths") String path, @ForAll("bodies") byte[] body, @ForAll("keys") String key)
      throws Exception {
    var status = send(path, body, Optional.of(key), Optional.empty());

    assertThat(status).as(path).isLessThan(500);
    assertStillPending();
  }

  @Property(tries = 400, shrinking = ShrinkingMode.OFF)
  void nothingUnsignedDecides(
      @ForAll("channels") String path,
      @ForAll("clicks") byte[] body,
      @ForAll("signatures") String signature)
      throws Exception {
    var status = send(path, body, Optional.empty(), Optional.of(signature));

    assertThat(status).as(path).isBetween(400, 499);
    assertStillPending();
  }

  @Provide
  Arbitrary<String> paths() {
    var fixed =
        Arbitraries.of(
            "",
            "/bulk",
            "/stats",
            "/ID",
            "/ID/decide",
            "/ID/approve",
            "/ID/deny",
            "/ID/cancel",
            "/plugins/list");
    var odd =
        Arbitraries.strings()
            .withChars("/%.;aZ0 \u00e9\u200b-_~")
            .ofMaxLength(20)
            .map(text -> "/" + text);
    return Arbitraries.oneOf(fixed, odd);
  }

  @Provide
  Arbitrary<String> keys() {
    return Arbitraries.of("eve", "other", "", "x".repeat(5000), "alicf");
  }

  @Provide
  Arbitrary<byte[]> bodies() {
    var any = Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
    var json =
        Arbitraries.of(
            "{}",
            "[]",
            "null",
            "7",
            "\"x\"",
            "{\"approved\":true}",
            "{\"approved\":null}",
            "{\"approved\":true,\"reason\":7}",
            "[{\"id\":\"ID\",\"action\":\"approve\"}]",
            "[[]]",
            "{\"tool_name\":\"\\u0000\",\"tool_args\":{}}",
            "{\"tool_name\":\"x\",\"tool_args\":{\"a\":1e999}}",
            "{\"tool_name\":\"\\ud800\",\"tool_args\":{}}",
            "{\"a\":" + "[".repeat(3000));
    return Arbitraries.oneOf(any, json.map(FuzzTest::bytes));
  }

  @Provide
  Arbitrary<String> channels() {
    return Arbitraries.of(
        "/channels/hook", "/channels/phone", "/channels/hook?x=%ff", "/channels/none");
  }

  @Provide
  Arbitrary<byte[]> clicks() {
    return Combinators.combine(bodies(), Arbitraries.of(0, 1, 2))
        .as(
            (body, kind) ->
                switch (kind) {
                  case 0 -> body;
                  case 1 -> bytes(webhookClick());
                  default -> bytes(telegramClick());
                });
  }

  @Provide
  Arbitrary<String> signatures() {
    return Arbitraries.oneOf(
        Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(60),
        Arbitraries.of("v1,", "v1,AAAA", "v1a,AAAA v1,BBBB"));
  }

  private static String webhookClick() {
    var button = RECEIVER.shown().getFirst().buttons().values().iterator().next();
    return "{\"type\":\"approval.decide\",\"data\":{\"button\":\"%s\",\"person\":{\"id\":\"1\",\"name\":\"A\"}}}"
        .formatted(button);
  }

  private static String telegramClick() {
    var message = TELEGRAM.shown().getFirst();
    var button = message.buttons().values().iterator().next();
    return Json.text(
        Json.object()
            .put("update_id", 7)
            .set("callback_query", Json.object().put("id", "1").put("data", button)));
  }

  private static int send(
      String path, byte[] body, Optional<String> key, Optional<String> signature) throws Exception {
    var filled = path.replace("ID", approval);
    var where = key.isPresent() ? "/v2/approvals" + filled : filled;
    var uri = new URI("http", null, "127.0.0.1", hub().address().getPort(), null, null, null);
    try {
      var request = HttpRequest.newBuilder(URI.create(uri + where.replace(" ", "%20")));
      key.ifPresent(value -> request.header("X-API-Key", value.isEmpty() ? "none" : value));
      signature.ifPresent(value -> sign(request, value));
      var text = new String(body, StandardCharsets.ISO_8859_1).replace("ID", approval);
      request.POST(BodyPublishers.ofByteArray(text.getBytes(StandardCharsets.ISO_8859_1)));
      return CLIENT.send(request.build(), BodyHandlers.discarding()).statusCode();
    } catch (IllegalArgumentException _) {
      return 400; // the client itself refuses to send it
    }
  }

  private static void sign(HttpRequest.Builder request, String signature) {
    request.header("webhook-id", "msg_1");
    request.header("webhook-timestamp", String.valueOf(System.currentTimeMillis() / 1000));
    request.header("webhook-signature", signature);
    request.header("X-Telegram-Bot-Api-Secret-Token", signature);
  }

  private static void assertStillPending() {
    assertThat(hub().status(approval)).isEqualTo("pending");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static TestHub hub() {
    return Objects.requireNonNull(hub);
  }

  private static String configuration() {
    var hook = RECEIVER.settings();
    return "hub:\n"
        + TestHub.KEYS
        + """
        people:
          alice: {webhook: "1", telegram: "1"}
          bob: {webhook: "2"}
        agents:
          local: {type: push}
          second: {type: push}
        channels:
          hook: {plugin: webhook, approvers: [alice], settings: {url: "%s", secret: "%s", allow-private: true}}
          phone:
            plugin: telegram
            approvers: [alice]
            settings: %s
        """
            .formatted(hook.get("url"), hook.get("secret"), yaml());
  }

  private static String yaml() {
    var settings = Json.object();
    TELEGRAM.settings().forEach((key, value) -> settings.put(key, String.valueOf(value)));
    return Json.text(settings);
  }
}
