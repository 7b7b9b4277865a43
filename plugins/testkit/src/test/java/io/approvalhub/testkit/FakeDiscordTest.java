package io.approvalhub.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.plugin.Person;
import io.approvalhub.testkit.FakeServer.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What Discord refuses, so does the fake.
class FakeDiscordTest {

  private static final String CHANNEL = "/channels/" + DiscordWorld.CHANNEL + "/messages";
  private static final Person ALICE = new Person("80351110224678912", "Alice");

  private final FakeDiscord discord = FakeDiscord.http();
  private final HttpClient http = JsonHttp.client();

  @AfterEach
  void close() {
    discord.close();
    http.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      textBlock =
          """
          {'content': '2001'}; BASE_TYPE_BAD_LENGTH
          {'embeds': [{'description': '4097'}]}; BASE_TYPE_BAD_LENGTH
          {'embeds': [{'description': '3001'}, {'description': '3001'}]}; MAX_EMBED_SIZE_EXCEEDED
          {'content': '1', 'nonce': '26'}; BASE_TYPE_BAD_LENGTH
          {'components': [{'type': 1, 'components': []}]}; BASE_TYPE_BAD_LENGTH
          {'components': [{'type': 10, 'content': '1'}]}; UNION_TYPE_CHOICES
          {'flags': 32768, 'content': '1', 'components': [{'type': 10, 'content': '1'}]}; LEGACY
          {'flags': 32768, 'components': [{'type': 10, 'content': '0'}]}; BASE_TYPE_BAD_LENGTH
          {'flags': 32768, 'components': [{'type': 10, 'content': '2001'}, {'type': 10, 'content': '2000'}]}; TEXT_SIZE
          {'flags': 32768, 'components': [{'type': 13, 'file': {'url': 'attachment://a.txt'}}]}; NOT_FOUND
          """)
  void aMessageBeyondTheLimitsIsRefused(String message, String code) throws IOException {
    assertRefused(message, code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      textBlock =
          """
          {'type': 2, 'style': 1, 'label': '81', 'custom_id': '1'}; BASE_TYPE_BAD_LENGTH
          {'type': 2, 'style': 1, 'label': '1', 'custom_id': '101'}; BASE_TYPE_BAD_LENGTH
          {'type': 2, 'style': 1, 'label': '1'}; BASE_TYPE_BAD_LENGTH
          {'type': 2, 'style': 9, 'label': '1', 'custom_id': '1'}; BASE_TYPE_CHOICES
          {'type': 2, 'style': 1, 'label': '1', 'custom_id': '5'},{'type': 2, 'style': 1, 'label': '1', 'custom_id': '5'}; DUPLICATED
          """)
  void aButtonBeyondTheLimitsIsRefused(String buttons, String code) throws IOException {
    assertRefused("{'components': [{'type': 1, 'components': [" + buttons + "]}]}", code);
  }

  @Test
  void whatIsUnknownIsRefused() throws IOException {
    var hello = Json.object().put("content", "hello");
    assertThat(call("POST", "/channels/1/messages", hello).body().path("code").asInt())
        .isEqualTo(10003);
    assertThat(call("PATCH", CHANNEL + "/1", hello).body().path("code").asInt()).isEqualTo(10008);
    assertThat(call("POST", CHANNEL, Json.object()).body().path("code").asInt()).isEqualTo(50006);
    discord.trouble(FakePlatform.Trouble.REVOKED, 1);
    assertThat(call("POST", CHANNEL, hello).status()).isEqualTo(401);
  }

  @Test
  void anEditIsSeen() throws IOException {
    var posted = call("POST", CHANNEL, Json.object().put("content", "hello"));
    var edited = Json.object().put("content", "bye");
    call("PATCH", CHANNEL + "/" + posted.body().path("id").asText(), edited);
    assertThat(discord.shown())
        .singleElement()
        .returns("bye", FakePlatform.Shown::text)
        .returns(1, FakePlatform.Shown::edits);
  }

  @Test
  void aClickIsAnsweredOnce() throws Exception {
    var clicks = new LinkedBlockingQueue<JsonNode>();
    try (var endpoint = new FakeServer()) {
      endpoint.aside("POST", "/", request -> failed(clicks, request.fields()));
      discord.callBack(URI.create(endpoint.address() + "/"));
      call("POST", CHANNEL, Json.object().put("content", "hello"));
      assertThat(discord.press(discord.shown().getFirst(), "x", ALICE))
          .isEqualTo(FakeDiscord.FAILED);
    }
    var click = clicks.take();
    var path = "/interactions/" + click.path("id").asText() + "/";
    var token = click.path("token").asText() + "/callback";
    var deferred = Json.object().put("type", 6);
    assertThat(call("POST", path + "wrong/callback", deferred).body().path("code").asInt())
        .isEqualTo(10062);
    assertThat(call("POST", path + token, Json.object().put("type", 9)).status()).isEqualTo(400);
    assertThat(call("POST", path + token, deferred).status()).isEqualTo(204);
    assertThat(call("POST", path + token, deferred).body().path("code").asInt()).isEqualTo(40060);
  }

  @Test
  void markupThatTakesEffectIsNotRead() {
    assertThat(DiscordMarkup.plain("### **a** _b_ ~~c~~ ||d|| [e](https://f) `*g*` <@1> \\*h\\*"))
        .isEqualTo("a b c d e *g*  *h*");
    assertThat(DiscordMarkup.plain("```json\n{\"a\": \"*b*\"}\n``` c"))
        .isEqualTo("{\"a\": \"*b*\"} c");
  }

  @Test
  void mentionsNotifyUnlessTheyAreForbidden() {
    var text = "@everyone <@1> <@&2>";
    var nobody = Json.object();
    nobody.putArray("parse");
    assertThat(DiscordMarkup.pings(text, Json.object().path("none"))).hasSize(3);
    assertThat(DiscordMarkup.pings(text, nobody)).isEmpty();
  }

  private static Answer failed(LinkedBlockingQueue<JsonNode> clicks, JsonNode click) {
    clicks.add(click);
    return Answer.of(500);
  }

  private void assertRefused(String message, String code) throws IOException {
    var reply = call("POST", CHANNEL, Json.parse(filled(message)));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(Json.text(reply.body())).contains("50035", code);
    assertThat(discord.shown()).isEmpty();
  }

  /// A text of digits stands for a text of that length.
  private static String filled(String message) {
    return Pattern.compile("'(\\d+)'")
        .matcher(message)
        .replaceAll(length -> "'" + "x".repeat(Integer.parseInt(length.group(1))) + "'")
        .replace('\'', '"');
  }

  private String setting(String key) {
    return String.valueOf(discord.settings().get(key));
  }

  private JsonHttp.Reply call(String method, String path, JsonNode body) throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create(setting("api") + path))
            .header("Authorization", "Bot " + setting("token"))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(Json.text(body)));
    return JsonHttp.send(http, request.build());
  }
}
