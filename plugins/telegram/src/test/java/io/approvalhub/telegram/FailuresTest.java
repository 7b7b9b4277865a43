package io.approvalhub.telegram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.RefusedException;
import io.approvalhub.plugin.Settings;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import io.approvalhub.testkit.FakeHub;
import io.approvalhub.testkit.FakePlatform.Call;
import io.approvalhub.testkit.FakeServer;
import io.approvalhub.testkit.FakeServer.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telegram.telegrambots.meta.api.methods.send.SendMessage;
import org.telegram.telegrambots.meta.api.methods.updates.DeleteWebhook;

/// What becomes of Telegram's answers, and of none. The token never shows.
@Timeout(30)
class FailuresTest {

  private static final String TOKEN = "7000000002:AAnobodyMayEverSeeThis_-";

  private final FakeServer server = new FakeServer();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aRefusedConnectionIsTriedAgain() throws IOException {
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    assertThat(failure("http://127.0.0.1:" + port))
        .isExactlyInstanceOf(IOException.class)
        .hasMessageContaining("did not reach 127.0.0.1:" + port);
  }

  @Test
  void anUnknownHostIsTriedAgain() {
    assertThat(failure("https://nowhere.invalid")).isExactlyInstanceOf(IOException.class);
  }

  @Test
  void aServerThatSpeaksSomethingElseIsTriedAgain() throws Exception {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var talk = Thread.startVirtualThread(() -> mumble(other));
      assertThat(failure("http://127.0.0.1:" + other.getLocalPort()))
          .isExactlyInstanceOf(IOException.class);
      talk.join();
    }
  }

  @Test
  void noRedirectIsFollowed() {
    answering(Answer.of(302).with("Location", server.address() + "/elsewhere"));
    assertThat(failure()).isExactlyInstanceOf(IOException.class);
    assertThat(server.calls()).extracting(Call::name).containsOnly("any");
  }

  @Test
  void anAnswerThatIsNoneIsTriedAgain() {
    answering(new Answer(200, Map.of(), "<h1>Hello</h1>".getBytes(UTF_8)));
    assertThat(failure()).isExactlyInstanceOf(IOException.class).hasMessageContaining("unreadable");
  }

  @Test
  void aServerErrorIsTriedAgain() {
    refusing(502, "Bad Gateway");
    assertThat(failure())
        .isExactlyInstanceOf(IOException.class)
        .hasMessageContaining("Bad Gateway");
  }

  @Test
  void whatTelegramSaysIsShownWithoutTheToken() {
    refusing(400, "Bad Request: no such bot " + TOKEN);
    assertThat(failure()).hasMessageContaining("no such bot [token]");
  }

  @Test
  void aMalformedMessageIsGivenUp() {
    refusing(400, "Bad Request: message is too long");
    assertThat(failure()).isInstanceOf(RefusedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chat not found",
        "not enough rights to send text messages to the chat",
        "CHAT_WRITE_FORBIDDEN",
        "message thread not found"
      })
  void whatAnOperatorMustMendStops(String problem) {
    refusing(400, "Bad Request: " + problem);
    assertThat(failure()).isInstanceOf(StoppedException.class).hasMessageContaining(problem);
  }

  @Test
  void aBlockedBotStops() {
    refusing(403, "Forbidden: bot was blocked by the user");
    assertThat(failure()).isInstanceOf(StoppedException.class);
  }

  @Test
  void anUnknownTokenStops() {
    refusing(404, "Not Found");
    assertThat(failure()).isInstanceOf(StoppedException.class).hasMessageContaining("token");
  }

  @Test
  void tooManyCallsAreTriedAgainWhenTelegramSays() {
    var flood = refusal(429, "Too Many Requests: retry after 37");
    flood.putObject("parameters").put("retry_after", 37);
    answering(Answer.json(429, flood));
    assertThat(failure())
        .isInstanceOfSatisfying(
            TryAgainException.class, e -> assertThat(e.delay()).isEqualTo(Duration.ofSeconds(37)));
  }

  @Test
  void anAddressThatTelegramCannotCallBackStops() {
    refusing(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook");
    try (var store = new FakeHub("ops");
        var node = Node.start(store, settings("webhook"))) {
      assertThat(node.end())
          .isInstanceOf(StoppedException.class)
          .hasMessageContaining("hub.public-url");
    }
  }

  private Throwable failure() {
    return failure(server.address().toString());
  }

  private Throwable failure(String address) {
    var values = Map.of("api", address, "token", TOKEN, "chat", "42");
    var settings = TelegramSettings.from(new Settings("channels.ops.settings", values));
    try (var api = new TelegramApi(settings)) {
      assertSecret(catchThrowable(() -> api.listen(new DeleteWebhook())));
      return assertSecret(catchThrowable(() -> api.call(new SendMessage("42", "hello"))));
    }
  }

  private static Throwable assertSecret(Throwable thrown) {
    var trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(TOKEN).doesNotContain("AAnobody");
    return thrown;
  }

  private Map<String, Object> settings(String mode) {
    var settings = new HashMap<String, Object>();
    settings.put("api", server.address());
    settings.put("token", TOKEN);
    settings.put("chat", "42");
    settings.put("mode", mode);
    settings.put("secret-token", "s3cret");
    return settings;
  }

  private void refusing(int status, String description) {
    answering(Answer.json(status, refusal(status, description)));
  }

  private void answering(Answer answer) {
    server.on("POST", "/bot.*", "any", _ -> answer);
  }

  private static ObjectNode refusal(int status, String description) {
    return Json.object().put("ok", false).put("error_code", status).put("description", description);
  }

  private static void mumble(ServerSocket server) {
    for (var call = 0; call < 2; call++) {
      try (Socket socket = server.accept()) {
        socket.getOutputStream().write("220 smtp.example ready\r\n".getBytes(UTF_8));
      } catch (IOException _) {
        return;
      }
    }
  }
}
