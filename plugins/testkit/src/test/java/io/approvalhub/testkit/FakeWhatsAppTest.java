package io.approvalhub.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Hmac;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.JsonHttp;
import io.approvalhub.kit.JsonHttp.Reply;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Person;
import io.approvalhub.testkit.FakePlatform.Trouble;
import io.approvalhub.testkit.FakeServer.Answer;
import io.approvalhub.testkit.FakeServer.Request;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class FakeWhatsAppTest {

  private static final Person ZOE = new Person(FakeWhatsApp.PERSON, "Zoë");

  private static final String TEXT = message("text", "{\"body\":\"hello\"}");

  private static final String BUTTONS =
      message(
          "interactive",
          """
          {"type":"button","body":{"text":"body"},"footer":{"text":"foot"},"action":{"buttons":[
            {"type":"reply","reply":{"id":"a","title":"A"}},
            {"type":"reply","reply":{"id":"b","title":"B"}}]}}
          """);

  private static final String LIST =
      message(
          "interactive",
          """
          {"type":"list","body":{"text":"body"},"action":{"button":"Choose","sections":[{"rows":[
            {"id":"a","title":"A","description":"first"},{"id":"b","title":"B"}]}]}}
          """);

  private static final String TEMPLATE =
      message(
          "template",
          """
          {"name":"approval_request","language":{"policy":"deterministic","code":"en"},
            "components":[{"type":"body","parameters":[{"type":"text","text":"tool"},
              {"type":"text","text":"why"},{"type":"text","text":"{}"}]},
            {"type":"button","sub_type":"quick_reply","index":"1",
              "parameters":[{"type":"payload","payload":"yes"}]}]}
          """);

  private final FakeWhatsApp whatsApp = new FakeWhatsApp();
  private final List<Request> callbacks = new CopyOnWriteArrayList<>();
  private final FakeServer hub =
      new FakeServer().aside("GET", ".*", this::confirmed).aside("POST", ".*", this::taken);
  private volatile int refusals;
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.close();
    whatsApp.close();
    hub.close();
  }

  @Test
  void onlyATemplateIsTakenWhenThePersonHasNotWrittenForADay() throws IOException {
    assertCode(131047, TEXT);
    connect();
    assertTaken(TEXT);
    whatsApp.turn(Duration.ofHours(24));
    assertCode(131047, TEXT);
    assertTaken(TEMPLATE);
  }

  @Test
  void buttonsHaveLimits() throws IOException {
    connect();
    assertTaken(BUTTONS);
    assertCode(131009, BUTTONS.replace("\"body\"}", "\"\"}"));
    assertCode(131009, BUTTONS.replace("\"body\"}", "\"" + "x".repeat(1025) + "\"}"));
    assertCode(131009, BUTTONS.replace("\"foot\"", "\"" + "x".repeat(61) + "\""));
    assertCode(131009, BUTTONS.replace("\"A\"", "\"" + "x".repeat(21) + "\""));
    assertCode(131009, BUTTONS.replace("\"A\"", "\"B\""));
    assertCode(131009, BUTTONS.replace("\"a\"", "\"b\""));
    assertCode(131009, BUTTONS.replace("\"a\"", "\" a\""));
    assertCode(131009, BUTTONS.replace("\"a\"", "\"" + "x".repeat(257) + "\""));
    var another = "{\"type\":\"reply\",\"reply\":{\"id\":\"%1$s\",\"title\":\"%1$s\"}},";
    var four = another.formatted("c") + another.formatted("d");
    assertCode(131009, BUTTONS.replace("[\n", "[" + four));
    var file = "\"header\":{\"type\":\"document\",\"document\":{\"id\":\"1\"}},\"body\":";
    assertCode(131009, BUTTONS.replace("\"body\":", file));
  }

  @Test
  void aFileBelongsToTheMessageThatShowsTheRequest() throws IOException {
    connect();
    var file = upload("arguments");
    assertTaken(message("document", "{\"id\":\"%s\",\"filename\":\"a.txt\"}".formatted(file)));
    var header = "\"header\":{\"type\":\"document\",\"document\":{\"id\":\"%s\"}},\"body\":";
    assertTaken(BUTTONS.replace("\"body\":", header.formatted(upload("more"))));
    assertThat(whatsApp.shown()).hasSize(1);
    assertThat(whatsApp.shown().getFirst().attachments()).containsExactly("arguments", "more");
    assertCode(131009, message("document", "{\"id\":\"1\",\"filename\":\"a.txt\"}"));
  }

  @Test
  void listsHaveLimits() throws IOException {
    connect();
    assertTaken(LIST);
    assertCode(131009, LIST.replace("\"Choose\"", "\"" + "x".repeat(21) + "\""));
    assertCode(131009, LIST.replace("\"A\"", "\"" + "x".repeat(25) + "\""));
    assertCode(131009, LIST.replace("\"a\"", "\"" + "x".repeat(201) + "\""));
    assertCode(131009, LIST.replace("\"first\"", "\"" + "x".repeat(73) + "\""));
    var rows = new StringBuilder("[");
    for (var row = 0; row < 9; row++) {
      rows.append("{\"id\":\"r%1$d\",\"title\":\"r%1$d\"},".formatted(row));
    }
    assertCode(131009, LIST.replace("[\n", rows));
  }

  @Test
  void templatesHaveRules() throws IOException {
    assertTaken(TEMPLATE);
    assertCode(132001, TEMPLATE.replace("approval_request", "another"));
    assertCode(132001, TEMPLATE.replace("\"en\"", "\"de\""));
    assertCode(132000, TEMPLATE.replace("{\"type\":\"text\",\"text\":\"why\"},", ""));
    assertCode(132000, TEMPLATE.replace("\"index\":\"1\"", "\"index\":\"3\""));
    assertCode(131008, TEMPLATE.replace("\"why\"", "\"\""));
    for (var space : List.of("\\n", "\\t", "    ")) {
      assertCode(100, TEMPLATE.replace("\"why\"", "\"a" + space + "b\""));
    }
    assertCode(132005, TEMPLATE.replace("\"why\"", "\"" + "x".repeat(1000) + "\""));
  }

  @Test
  void aTemplateWhoseVariablesStandWithoutWordsIsRefused() throws IOException {
    var token = Map.of("Authorization", "Bearer " + setting("access-token"));
    for (var body :
        List.of(
            "{{1}} asks",
            "It asks for {{1}}",
            "It asks for {{1}}.",
            "It asks for {{1}} {{2}} now",
            "It asks for {{1}}, {{2}} now",
            "It asks:\n{{1}}\nnow")) {
      assertThat(code(JsonHttp.post(client, whatsApp.templates(), token, template(body))))
          .as(body)
          .isEqualTo(131009);
    }
    var right = template("It asks for {{1}}\nand says {{2}} now");
    assertThat(JsonHttp.post(client, whatsApp.templates(), token, right).ok()).isTrue();
  }

  private static ObjectNode template(String text) {
    var template = Json.object().put("name", "t").put("language", "en").put("category", "UTILITY");
    var body = template.putArray("components").addObject().put("type", "BODY").put("text", text);
    var examples = body.putObject("example").putArray("body_text").addArray().add("one");
    if (text.contains("{{2}}")) {
      examples.add("two");
    }
    return template;
  }

  @Test
  void aTemplateIsReadAsThePersonReadsIt() throws IOException {
    assertTaken(TEMPLATE.replace("\"why\"", "\"*because* ```*x*```\""));
    var shown = whatsApp.shown().getFirst();
    assertThat(shown.text()).contains("run tool\nDetails: because *x*\nArguments: {}");
    connect();
    whatsApp.press(shown, "Show in full", ZOE);
    assertThat(newest()).contains("\"button\":{\"payload\":\"Show in full\"");
    whatsApp.press(shown, "Approve", ZOE);
    assertThat(newest()).contains("\"button\":{\"payload\":\"yes\",\"text\":\"Approve\"");
  }

  @Test
  void strangersToThePlatformAreRefused() throws IOException {
    assertCode(131026, TEXT.replace(FakeWhatsApp.PERSON, "4915100000000"));
    assertThat(code(post("wrong", TEXT))).isEqualTo(190);
    var elsewhere = URI.create(setting("api") + "/1/messages");
    var token = Map.of("Authorization", "Bearer " + setting("access-token"));
    assertThat(code(JsonHttp.post(client, elsewhere, token, Json.parse(TEXT)))).isEqualTo(100);
    assertCode(131008, TEXT.replace("\"whatsapp\"", "\"sms\""));
  }

  @Test
  void aPersonIsSentFortyFiveMessagesAndThenOneEverySixSeconds() throws IOException {
    connect();
    for (var message = 0; message < 45; message++) {
      assertTaken(TEXT);
    }
    assertCode(131056, TEXT);
    whatsApp.turn(Duration.ofSeconds(7));
    assertTaken(TEXT);
    assertCode(131056, TEXT);
  }

  @Test
  void troublesArePutInThePlatformsWords() throws IOException {
    whatsApp.trouble(Trouble.TOO_MANY, 1);
    var full = send(TEXT);
    assertThat(code(full)).isEqualTo(130429);
    assertThat(full.retryAfter()).contains(Duration.ofSeconds(2));
    whatsApp.trouble(Trouble.BROKEN, 1);
    assertThat(send(TEXT).status()).isEqualTo(500);
    whatsApp.trouble(Trouble.REVOKED, 1);
    assertCode(190, TEXT);
  }

  @Test
  void callbacksAreSignedOverEscapedText() {
    connect();
    whatsApp.say(Optional.empty(), "a/b ñ 👍", ZOE);
    assertThat(newest()).contains("Zo\\u00eb", "a\\/b \\u00f1 \\ud83d\\udc4d");
    var secret = setting("app-secret").getBytes(UTF_8);
    assertThat(callbacks.getLast().header("X-Hub-Signature-256"))
        .contains("sha256=" + Hmac.hex(Hmac.sha256(secret, callbacks.getLast().body())));
  }

  @Test
  void aCallbackThatFailsComesAgain() {
    connect();
    refusals = 2;
    whatsApp.say(Optional.empty(), "hello", ZOE);
    assertThat(callbacks.stream().skip(1).map(Request::text)).hasSize(3).containsOnly(newest());
    whatsApp.redeliver();
    assertThat(callbacks).hasSize(5);
  }

  @Test
  void aFailureIsReportedAsAStatus() {
    connect();
    whatsApp.fail(new MessageRef(FakeWhatsApp.PERSON, "wamid.1"), 131047);
    assertThat(newest())
        .contains("\"statuses\":[{\"id\":\"wamid.1\",\"status\":\"failed\"", "\"code\":131047");
  }

  @Test
  void anAddressThatDoesNotConfirmIsNotCalled() {
    var elsewhere = URI.create(setting("api") + "/nobody");
    assertThatThrownBy(() -> whatsApp.callBack(elsewhere))
        .isInstanceOf(IllegalStateException.class);
  }

  private static String message(String type, String content) {
    return """
    {"messaging_product":"whatsapp","recipient_type":"individual","to":"%s","type":"%2$s","%2$s":%3$s}
    """
        .formatted(FakeWhatsApp.PERSON, type, content);
  }

  private void connect() {
    whatsApp.callBack(URI.create(hub.address() + "/channels/ops"));
  }

  private Answer confirmed(Request request) {
    var challenge = String.join("", request.query().getOrDefault("hub.challenge", List.of()));
    return new Answer(200, Map.of(), challenge.getBytes(UTF_8));
  }

  private Answer taken(Request request) {
    callbacks.add(request);
    return Answer.of(refusals-- > 0 ? 503 : 200);
  }

  private String newest() {
    return callbacks.getLast().text();
  }

  private void assertTaken(String body) throws IOException {
    var reply = send(body);
    assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
    assertThat(reply.body().at("/messages/0/id").asText()).startsWith("wamid.");
  }

  private void assertCode(int code, String body) throws IOException {
    assertThat(code(send(body))).isEqualTo(code);
  }

  private static int code(Reply reply) {
    return reply.body().at("/error/code").asInt();
  }

  private Reply send(String body) throws IOException {
    return post(setting("access-token"), body);
  }

  private String upload(String text) throws IOException {
    var part = "--x\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n%s\r\n";
    var form =
        part.formatted("messaging_product", "", "whatsapp")
            + part.formatted("type", "", "text/plain")
            + part.formatted("file", "; filename=\"a.txt\"", text)
            + "--x--\r\n";
    var request =
        HttpRequest.newBuilder(
                URI.create(setting("api") + "/" + setting("phone-number-id") + "/media"))
            .header("Authorization", "Bearer " + setting("access-token"))
            .header("Content-Type", "multipart/form-data; boundary=x")
            .POST(BodyPublishers.ofString(form));
    return JsonHttp.send(client, request.build()).body().path("id").asText();
  }

  private Reply post(String token, String body) throws IOException {
    var uri = setting("api") + "/" + setting("phone-number-id") + "/messages";
    var headers = Map.of("Authorization", "Bearer " + token);
    return JsonHttp.post(client, URI.create(uri), headers, Json.parse(body));
  }

  private String setting(String key) {
    return String.valueOf(whatsApp.settings().get(key));
  }
}
