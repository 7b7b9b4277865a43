package io.approvalhub.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Person;
import io.approvalhub.testkit.FakePlatform.Call;
import io.approvalhub.testkit.FakePlatform.Shown;
import io.approvalhub.testkit.FakePlatform.Trouble;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// A [FakePlatform] as a process of its own. It prints the settings of a channel as one line of
/// JSON, then answers each line of JSON on its standard input with one, and ends with the input.
///
/// ```
/// {"callBack": "http://127.0.0.1:8080/channels/ops"}
/// {"click": {"action": "approve", "person": {"id": "1", "name": "Alice"}, "reason": "late"}}
/// {"say": {"text": "deny", "person": {"id": "1", "name": "Alice"}}}
/// {"trouble": "too_many", "times": 2}
/// {"shown": true}
/// {"calls": true}
/// ```
///
/// `click` and `say` mean the newest message, or the one whose id is in `message`; `click` waits
/// ten seconds for it.
public final class FakeProcess {

  private static final long PATIENCE = 10_000;

  private FakeProcess() {}

  /// Serves the platform until the standard input ends, then closes it.
  public static void run(FakePlatform platform) throws IOException {
    run(platform, System.in, new PrintStream(System.out, true, UTF_8));
  }

  static void run(FakePlatform platform, InputStream input, PrintStream out) throws IOException {
    try (platform;
        var in = new BufferedReader(new InputStreamReader(input, UTF_8))) {
      out.println(Json.text(settings(platform.settings())));
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        out.println(Json.text(answer(platform, line)));
      }
    }
  }

  private static ObjectNode answer(FakePlatform platform, String line) {
    try {
      return answer(platform, Json.parse(line));
    } catch (IOException | RuntimeException e) {
      return Json.object().put("error", e.toString());
    }
  }

  private static ObjectNode answer(FakePlatform platform, JsonNode command) {
    var answer = Json.object();
    switch (command.fieldNames().next()) {
      case "callBack" -> platform.callBack(URI.create(command.path("callBack").asText()));
      case "click" -> answer.put("answer", click(platform, command.path("click")));
      case "say" -> answer.put("answer", say(platform, command.path("say")));
      case "trouble" ->
          platform.trouble(
              constant(Trouble.class, command.path("trouble")), command.path("times").asInt(1));
      case "shown" -> shown(answer.putArray("shown"), platform.shown());
      case "calls" -> calls(answer.putArray("calls"), platform.calls());
      default -> throw new IllegalArgumentException("no such command: " + command);
    }
    return answer;
  }

  private static String click(FakePlatform platform, JsonNode click) {
    return platform.click(
        awaited(platform, click),
        constant(Action.class, click.path("action")),
        person(click),
        Optional.of(click.path("reason")).filter(JsonNode::isTextual).map(JsonNode::textValue));
  }

  private static String say(FakePlatform platform, JsonNode say) {
    return platform.say(message(platform, say), say.path("text").asText(), person(say));
  }

  private static Shown awaited(FakePlatform platform, JsonNode click) {
    var until = System.currentTimeMillis() + PATIENCE;
    while (System.currentTimeMillis() < until) {
      var message = message(platform, click);
      if (message.isPresent()) {
        return message.get();
      }
      LockSupport.parkNanos(20_000_000);
    }
    throw new IllegalStateException("no such message came");
  }

  private static Optional<Shown> message(FakePlatform platform, JsonNode command) {
    var id = command.path("message");
    return platform.shown().reversed().stream()
        .filter(shown -> id.isMissingNode() || shown.ref().id().equals(id.asText()))
        .findFirst();
  }

  private static Person person(JsonNode command) {
    var person = command.path("person");
    return new Person(person.path("id").asText(), person.path("name").asText());
  }

  private static void shown(ArrayNode messages, List<Shown> shown) {
    for (var each : shown) {
      var message = messages.addObject();
      message.put("place", each.ref().place()).put("id", each.ref().id());
      message.put("text", each.text()).put("edits", each.edits());
      var buttons = message.putObject("buttons");
      each.buttons().forEach((action, data) -> buttons.put(word(action), data));
      each.attachments().forEach(message.putArray("attachments")::add);
      each.pings().forEach(message.putArray("pings")::add);
    }
  }

  private static void calls(ArrayNode made, List<Call> calls) {
    for (var call : calls) {
      made.addObject()
          .put("name", call.name())
          .put("body", call.body())
          .put("status", call.status());
    }
  }

  private static ObjectNode settings(Map<String, Object> settings) {
    var node = Json.object();
    settings.forEach((key, value) -> node.set(key, value(value)));
    return node;
  }

  private static JsonNode value(Object value) {
    return switch (value) {
      case Boolean flag -> Json.object().booleanNode(flag);
      case Number number -> Json.object().numberNode(number.longValue());
      case List<?> list -> {
        var items = Json.array();
        list.forEach(item -> items.add(String.valueOf(item)));
        yield items;
      }
      default -> Json.object().textNode(value.toString());
    };
  }

  private static <E extends Enum<E>> E constant(Class<E> type, JsonNode word) {
    return Enum.valueOf(type, word.asText().toUpperCase(Locale.ROOT));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
