package io.approvalhub.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import io.approvalhub.testkit.FakePlatform.Shown;
import io.approvalhub.testkit.FakePlatform.Trouble;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class FakeSlackTest {

  private final FakeSlack slack = new FakeSlack(FakeSlack.Mode.SOCKET);
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    slack.close();
  }

  @Test
  void aMessageIsPostedChangedAndDeleted() throws Exception {
    var posted = call("chat.postMessage", message("hello"));
    assertThat(posted.path("ok").asBoolean()).isTrue();
    var ts = posted.path("ts").asText();
    assertThat(error("chat.update", with(message("bye"), "ts", ts))).isEmpty();
    var shown = slack.shown().getFirst();
    assertThat(shown.text()).isEqualTo("bye");
    assertThat(shown.edits()).isEqualTo(1);
    slack.delete(shown);
    assertThat(error("chat.update", with(message("x"), "ts", ts))).isEqualTo("message_not_found");
  }

  @Test
  void aReplyBelongsToItsMessage() throws Exception {
    var ts = call("chat.postMessage", message("hello")).path("ts").asText();
    assertThat(error("chat.postMessage", with(message("more"), "thread_ts", ts))).isEmpty();
    assertThat(slack.shown()).hasSize(1).extracting(Shown::attachments).asString().contains("more");
    var lost = with(message("x"), "thread_ts", "1.000001");
    assertThat(error("chat.postMessage", lost)).isEqualTo("thread_not_found");
  }

  @Test
  void whatItDoesNotKnowIsRefused() throws Exception {
    var elsewhere = with(message("x"), "channel", "C0NOWHERE");
    assertThat(error("chat.postMessage", elsewhere)).isEqualTo("channel_not_found");
    assertThat(error("chat.update", with(message("x"), "ts", "1.000001")))
        .isEqualTo("message_not_found");
    assertThat(error("chat.postEphemeral", with(message("x"), "user", "Alice")))
        .isEqualTo("user_not_in_channel");
  }

  @Test
  void withoutItsTokenNobodyIsServed() throws Exception {
    var request = HttpRequest.newBuilder(method("chat.postMessage"));
    assertThat(error(send(request, message("x")))).isEqualTo("not_authed");
    request.header("Authorization", "Bearer xoxb-another");
    assertThat(error(send(request, message("x")))).isEqualTo("invalid_auth");
  }

  @ParameterizedTest
  @CsvSource({
    "header, plain_text, 150, 151",
    "section, plain_text, 3000, 3001",
    "section, mrkdwn, 3000, 3001"
  })
  void aBlockThatIsTooLongIsRefused(String block, String type, int most, int more)
      throws Exception {
    assertThat(error("chat.postMessage", blocks(block(block, type, most)))).isEmpty();
    assertThat(error("chat.postMessage", blocks(block(block, type, more))))
        .isEqualTo("invalid_blocks");
    assertThat(error("chat.postMessage", blocks(block(block, type, 0))))
        .isEqualTo("invalid_blocks");
  }

  @Test
  void tooManyBlocksAreRefused() throws Exception {
    var divider = "{\"type\":\"divider\"}";
    assertThat(error("chat.postMessage", blocks((divider + ",").repeat(49) + divider))).isEmpty();
    assertThat(error("chat.postMessage", blocks((divider + ",").repeat(50) + divider)))
        .isEqualTo("invalid_blocks");
  }

  @Test
  void tooMuchInAllBlocksTogetherIsRefused() throws Exception {
    var section = block("section", "plain_text", 3000);
    var four = String.join(",", section, section, section, section);
    assertThat(error("chat.postMessage", blocks(four))).isEmpty();
    assertThat(error("chat.postMessage", blocks(four + "," + section)))
        .isEqualTo("msg_blocks_too_long");
  }

  @ParameterizedTest
  @CsvSource({
    "text, 75, 76",
    "value, 2000, 2001",
    "action_id, 255, 256",
    "accessibility_label, 75, 76"
  })
  void aButtonThatIsTooLongIsRefused(String field, int most, int more) throws Exception {
    assertThat(error("chat.postMessage", blocks(button(field, "x".repeat(most))))).isEmpty();
    assertThat(error("chat.postMessage", blocks(button(field, "x".repeat(more)))))
        .isEqualTo("invalid_blocks");
  }

  @Test
  void aButtonInAnUnknownStyleIsRefused() throws Exception {
    assertThat(error("chat.postMessage", blocks(button("style", "danger")))).isEmpty();
    assertThat(error("chat.postMessage", blocks(button("style", "green"))))
        .isEqualTo("invalid_blocks");
    assertThat(error("chat.postMessage", blocks(button("colour", "green"))))
        .isEqualTo("invalid_blocks");
  }

  @Test
  void aTriggerOpensOneDialogWithinThreeSeconds() throws Exception {
    var fresh = slack.trigger(Duration.ofSeconds(1));
    assertThat(error("views.open", Map.of("trigger_id", fresh, "view", dialog("Why?")))).isEmpty();
    assertThat(error("views.open", Map.of("trigger_id", fresh, "view", dialog("Why?"))))
        .isEqualTo("exchanged_trigger_id");
    var old = slack.trigger(Duration.ofSeconds(4));
    assertThat(error("views.open", Map.of("trigger_id", old, "view", dialog("Why?"))))
        .isEqualTo("expired_trigger_id");
    assertThat(error("views.open", Map.of("trigger_id", "1.2.3", "view", dialog("Why?"))))
        .isEqualTo("invalid_trigger_id");
  }

  @Test
  void aDialogWithALongTitleIsRefused() throws Exception {
    var trigger = slack.trigger(Duration.ZERO);
    assertThat(error("views.open", Map.of("trigger_id", trigger, "view", dialog("x".repeat(25)))))
        .isEqualTo("invalid_arguments");
  }

  @Test
  void anAddressIsGoodForOneSocket() throws Exception {
    var app = String.valueOf(slack.settings().get("app-token"));
    var request =
        HttpRequest.newBuilder(method("apps.connections.open"))
            .header("Authorization", "Bearer " + app);
    var address = URI.create(Json.parse(send(request, Map.of()).body()).path("url").asText());
    connect(address);
    await().until(() -> slack.socketsOpen() == 1);
    assertThatThrownBy(() -> connect(address)).isInstanceOf(CompletionException.class);
    assertThat(error("apps.connections.open", Map.of())).isEqualTo("invalid_auth");
  }

  @Test
  void troubleComesAsSlackPutsIt() throws Exception {
    slack.trouble(Trouble.TOO_MANY, 1);
    var request = HttpRequest.newBuilder(method("chat.postMessage"));
    var full = send(request, message("x"));
    assertThat(full.statusCode()).isEqualTo(429);
    assertThat(full.headers().firstValue("Retry-After")).contains("2");
    slack.trouble(Trouble.REVOKED, 1);
    assertThat(error("chat.postMessage", message("x"))).isEqualTo("token_revoked");
    slack.down(true);
    assertThat(send(request, message("x")).statusCode()).isEqualTo(503);
  }

  @Test
  void mentionsPingWhereSlackReadsThem() throws Exception {
    var marked =
        "{\"type\":\"section\",\"text\":{\"type\":\"mrkdwn\",\"text\":\"*a* <@U012> &lt;\"}}";
    var plain = marked.replace("mrkdwn", "plain_text");
    call("chat.postMessage", blocks(marked));
    call("chat.postMessage", blocks(plain));
    call("chat.postMessage", with(blocks(plain), "text", "<!channel>"));
    assertThat(slack.shown().get(0).text()).isEqualTo("a (mention) <");
    assertThat(slack.shown().get(0).pings()).containsExactly("<@U012>");
    assertThat(slack.shown().get(1).text()).isEqualTo("*a* <@U012> &lt;");
    assertThat(slack.shown().get(1).pings()).isEmpty();
    assertThat(slack.shown().get(2).pings()).containsExactly("<!channel>");
  }

  private void connect(URI address) {
    http.newWebSocketBuilder().buildAsync(address, new WebSocket.Listener() {}).join();
  }

  private static Map<String, String> message(String text) {
    return with(blocks(block(text)), "text", text);
  }

  private static Map<String, String> blocks(String blocks) {
    return Map.of("channel", FakeSlack.CHANNEL, "text", "x", "blocks", "[" + blocks + "]");
  }

  private static String block(String text) {
    return "{\"type\":\"section\",\"text\":{\"type\":\"plain_text\",\"text\":\"" + text + "\"}}";
  }

  private static String block(String type, String text, int length) {
    return block("x".repeat(length)).replace("section", type).replace("plain_text", text);
  }

  private static String button(String field, String value) {
    var button = Json.object().put("type", "button").put("action_id", "a").put("value", "v");
    var text = field.equals("text") ? value : "Approve";
    button.putObject("text").put("type", "plain_text").put("text", text);
    if (!field.equals("text")) {
      button.put(field, value);
    }
    var block = Json.object().put("type", "actions");
    block.putArray("elements").add(button);
    return Json.text(block);
  }

  private static String dialog(String title) {
    var label = Json.object().put("type", "plain_text").put("text", title);
    var view = Json.object().put("type", "modal").put("callback_id", "c");
    view.set("title", label);
    view.set("submit", label);
    view.set("close", label);
    var input = view.putArray("blocks").addObject().put("type", "input").put("block_id", "b");
    input.set("label", label);
    input.putObject("element").put("type", "plain_text_input").put("action_id", "a");
    return Json.text(view);
  }

  private static Map<String, String> with(Map<String, String> fields, String name, String value) {
    var more = new HashMap<>(fields);
    more.put(name, value);
    return more;
  }

  private URI method(String name) {
    return URI.create(slack.settings().get("api") + name);
  }

  private String error(String method, Map<String, String> fields) throws Exception {
    return call(method, fields).path("error").asText();
  }

  private static String error(HttpResponse<String> answer) throws IOException {
    return Json.parse(answer.body()).path("error").asText();
  }

  private JsonNode call(String method, Map<String, String> fields) throws Exception {
    var token = String.valueOf(slack.settings().get("bot-token"));
    var request = HttpRequest.newBuilder(method(method)).header("Authorization", "Bearer " + token);
    return Json.parse(send(request, fields).body());
  }

  private HttpResponse<String> send(HttpRequest.Builder request, Map<String, String> fields)
      throws IOException, InterruptedException {
    var form =
        fields.entrySet().stream()
            .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    return http.send(
        request
            .setHeader("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build(),
        BodyHandlers.ofString());
  }
}
