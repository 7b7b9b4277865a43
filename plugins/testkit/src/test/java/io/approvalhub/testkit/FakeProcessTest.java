package io.approvalhub.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.HttpCall;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.Person;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FakeProcessTest {

  private final List<String> seen = new ArrayList<>();

  @Test
  void everyLineIsACommandAndGetsALine() throws IOException {
    var person = "\"person\":{\"id\":\"1\",\"name\":\"Alice\"}";
    var answers =
        run(
            "{\"callBack\":\"http://127.0.0.1:1/channels/ops\"}",
            "{\"click\":{\"action\":\"deny_with_reason\",\"reason\":\"late\"," + person + "}}",
            "{\"click\":{\"action\":\"approve\",\"message\":\"m1\"," + person + "}}",
            "{\"say\":{\"text\":\"deny\"," + person + "}}",
            "{\"trouble\":\"too_many\",\"times\":2}",
            "{\"shown\":true}",
            "{\"calls\":true}",
            "{\"dance\":true}",
            "nonsense");
    assertThat(seen)
        .containsExactly(
            "callBack http://127.0.0.1:1/channels/ops",
            "click m2 DENY_WITH_REASON 1 late",
            "click m1 APPROVE 1 ",
            "say m2 deny 1",
            "trouble TOO_MANY 2",
            "close");
    assertThat(answers.getFirst())
        .isEqualTo(Json.parse("{\"api\":\"http://x\",\"flag\":true,\"many\":[\"a\"],\"n\":7}"));
    assertThat(answers.get(2).path("answer").asText()).isEqualTo("clicked");
    assertThat(answers.get(6).path("shown").path(1).path("buttons").path("approve").asText())
        .isEqualTo("ah:a:m2");
    assertThat(answers.get(7).path("calls").path(0).path("status").intValue()).isEqualTo(200);
    assertThat(answers.subList(8, 10))
        .allSatisfy(answer -> assertThat(answer.has("error")).isTrue());
  }

  private List<JsonNode> run(String... commands) throws IOException {
    var out = new ByteArrayOutputStream();
    var in = new ByteArrayInputStream(String.join("\n", commands).getBytes(UTF_8));
    FakeProcess.run(new Recorded(), in, new PrintStream(out, true, UTF_8));
    var answers = new ArrayList<JsonNode>();
    for (var line : out.toString(UTF_8).lines().toList()) {
      answers.add(Json.parse(line));
    }
    return answers;
  }

  private final class Recorded implements FakePlatform {

    @Override
    public Map<String, Object> settings() {
      return new TreeMap<>(Map.of("api", "http://x", "flag", true, "many", List.of("a"), "n", 7));
    }

    @Override
    public void callBack(URI address) {
      seen.add("callBack " + address);
    }

    @Override
    public List<Shown> shown() {
      return List.of(message("m1"), message("m2"));
    }

    @Override
    public String click(Shown message, Action action, Person person, Optional<String> reason) {
      seen.add(
          "click "
              + message.ref().id()
              + " "
              + action
              + " "
              + person.id()
              + " "
              + reason.orElse(""));
      return "clicked";
    }

    @Override
    public String say(Optional<Shown> message, String text, Person person) {
      seen.add("say " + message.orElseThrow().ref().id() + " " + text + " " + person.id());
      return "";
    }

    @Override
    public List<HttpCall> forgeries(Shown message, Person person) {
      return List.of();
    }

    @Override
    public void trouble(Trouble trouble, int times) {
      seen.add("trouble " + trouble + " " + times);
    }

    @Override
    public List<Call> calls() {
      return List.of(new Call("post", "{}", 200));
    }

    @Override
    public void onCall(Consumer<Call> listener) {}

    @Override
    public void close() {
      seen.add("close");
    }

    private static Shown message(String id) {
      var buttons = Map.of(Action.APPROVE, "ah:a:" + id);
      return new Shown(new MessageRef("here", id), "text", buttons, List.of(), List.of(), 0);
    }
  }
}
