package io.approvalhub.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Button;
import io.approvalhub.plugin.Person;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FakeTelegramTest {

  private static final Person ALICE = new Person("42", "Alice");
  private static final String DATA = new Button("t".repeat(22), Action.APPROVE).data();

  private final FakeTelegram telegram = FakeTelegram.polled();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    telegram.close();
    client.close();
  }

  @Test
  void methodsAreFoundInAnyCase() {
    assertThat(call("sendmessage", text("hello")).path("result").path("text").asText())
        .isEqualTo("hello");
    assertThat(call("SENDMESSAGE", text("hello")).path("ok").asBoolean()).isTrue();
    assertThat(telegram.calls()).extracting(FakePlatform.Call::name).containsOnly("sendMessage");
  }

  @Test
  void markupBecomesTextAndEntities() {
    var html = "<b>Bold</b> &lt;i&gt; <code>@nobody &amp; /x</code> @alice1 &#128077;";
    var message = call("sendMessage", text(html).put("parse_mode", "HTML")).path("result");
    assertThat(message.path("text").asText()).isEqualTo("Bold <i> @nobody & /x @alice1 👍");
    assertThat(message.path("entities").findValuesAsText("type"))
        .containsExactlyInAnyOrder("bold", "code", "mention");
    assertThat(telegram.shown().getFirst().pings()).containsExactly("@alice1");
  }

  @Test
  void brokenMarkupIsRefused() {
    assertRefused("can't parse entities", text("<b>Bold").put("parse_mode", "HTML"));
    assertRefused("can't parse entities", text("<b>Bold</i>").put("parse_mode", "HTML"));
    assertRefused("can't parse entities", text("<h1>Big</h1>").put("parse_mode", "HTML"));
    assertRefused("can't parse entities", text("a < b").put("parse_mode", "HTML"));
  }

  @Test
  void aTextIsMeasuredAsPeopleReadIt() {
    var escaped = "&amp;".repeat(4096);
    assertThat(call("sendMessage", text(escaped).put("parse_mode", "HTML")).path("ok").asBoolean())
        .isTrue();
    assertRefused("message is too long", text("x".repeat(4097)));
    assertRefused("message text is empty", text("  "));
    assertRefused("chat not found", text("hello").put("chat_id", -5));
  }

  @Test
  void aButtonCarriesNoMoreThanSixtyFourBytes() {
    assertThat(call("sendMessage", button("ä".repeat(32))).path("ok").asBoolean()).isTrue();
    assertRefused("BUTTON_DATA_INVALID", button("ä".repeat(33)));
    assertRefused("BUTTON_DATA_INVALID", button(""));
  }

  @Test
  void anEditThatChangesNothingIsRefused() {
    var id = call("sendMessage", button(DATA)).path("result").path("message_id").asInt();
    var edit = text("hello").put("message_id", id);
    assertThat(call("editMessageText", edit).path("result").has("reply_markup")).isFalse();
    assertThat(call("editMessageText", edit).path("description").asText())
        .startsWith("Bad Request: message is not modified");
    assertThat(call("editMessageText", edit.put("message_id", 7)).path("description").asText())
        .isEqualTo("Bad Request: message to edit not found");
  }

  @Test
  void aTokenThatIsNotTheBotsIsRefused() throws Exception {
    assertThat(post("/botnonsense/getMe", Json.object()).path("error_code").asInt()).isEqualTo(404);
    assertThat(post("/bot1:wrong/getMe", Json.object()).path("error_code").asInt()).isEqualTo(401);
    telegram.revoke();
    assertThat(call("getMe", Json.object()).path("error_code").asInt()).isEqualTo(401);
  }

  @Test
  void anUpdateComesAgainUntilItIsConfirmed() {
    call("sendMessage", button(DATA));
    var click = CompletableFuture.supplyAsync(() -> click());
    await().until(() -> !polled(0).isEmpty());
    var update = polled(0).path(0);
    assertThat(polled(0)).hasSize(1);
    assertThat(polled(update.path("update_id").asInt() + 1)).isEmpty();
    var query = update.path("callback_query").path("id").asText();
    call("answerCallbackQuery", Json.object().put("callback_query_id", query).put("text", "Done"));
    assertThat(click.join()).isEqualTo("Done");
  }

  @Test
  void aSecondPollEndsTheFirst() {
    var first = CompletableFuture.supplyAsync(() -> call("getUpdates", waiting()));
    var second = CompletableFuture.supplyAsync(() -> call("getUpdates", waiting()));
    var ended = (JsonNode) CompletableFuture.anyOf(first, second).join();
    assertThat(ended.path("error_code").asInt()).isEqualTo(409);
    assertThat(first.isDone() && second.isDone()).isFalse();
    telegram.rival();
    assertThat(first.join().path("error_code").asInt()).isEqualTo(409);
    assertThat(second.join().path("error_code").asInt()).isEqualTo(409);
  }

  @Test
  void nobodyPollsWhileAWebhookIsSet() {
    var hook = Json.object().put("url", "http://127.0.0.1:1/x").put("secret_token", "s");
    assertThat(call("setWebhook", hook).path("ok").asBoolean()).isTrue();
    assertThat(call("getUpdates", waiting()).path("error_code").asInt()).isEqualTo(409);
    assertThat(call("deleteWebhook", Json.object()).path("ok").asBoolean()).isTrue();
    assertThat(polled(0)).isEmpty();
    assertThat(call("setWebhook", hook.put("secret_token", "§")).path("error_code").asInt())
        .isEqualTo(400);
  }

  @Test
  void aGroupThatMovedSaysWhere() {
    telegram.migrate(-1_009_000_000_000L);
    var answer = call("sendMessage", text("hello"));
    assertThat(answer.path("parameters").path("migrate_to_chat_id").asLong())
        .isEqualTo(-1_009_000_000_000L);
  }

  private String click() {
    return telegram.click(telegram.shown().getFirst(), Action.APPROVE, ALICE, Optional.empty());
  }

  private JsonNode polled(int offset) {
    return call("getUpdates", Json.object().put("offset", offset)).path("result");
  }

  private static ObjectNode waiting() {
    return Json.object().put("timeout", 20);
  }

  private ObjectNode text(String text) {
    return Json.object()
        .put("chat_id", String.valueOf(telegram.settings().get("chat")))
        .put("text", text);
  }

  private ObjectNode button(String data) {
    var body = text("hello");
    var rows = body.putObject("reply_markup").putArray("inline_keyboard");
    rows.addArray().addObject().put("text", "Approve").put("callback_data", data);
    return body;
  }

  private void assertRefused(String why, ObjectNode body) {
    var answer = call("sendMessage", body);
    assertThat(answer.path("error_code").asInt()).isEqualTo(400);
    assertThat(answer.path("description").asText()).startsWith("Bad Request: " + why);
  }

  private JsonNode call(String method, ObjectNode body) {
    return post("/bot" + telegram.settings().get("token") + "/" + method, body);
  }

  private JsonNode post(String path, ObjectNode body) {
    var request =
        HttpRequest.newBuilder(URI.create(telegram.settings().get("api") + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Json.text(body)));
    try {
      return Json.parse(client.send(request.build(), BodyHandlers.ofString()).body());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
