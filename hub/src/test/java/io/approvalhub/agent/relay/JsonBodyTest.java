package io.approvalhub.agent.relay;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import io.approvalhub.agent.relay.JsonBody.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonBodyTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"x\":1}|{}",
        "{ \"x\" : {\"x\":[1,2]} }|{}",
        "{\"x\":1, \"a\":\"ü\"}|{\"a\":\"ü\"}",
        "{\"a\":\"ü,}\" , \"x\":\"}\"}|{\"a\":\"ü,}\" }",
        "{\"a\":1,\"x\":null,\"b\":[{}]}|{\"a\":1,\"b\":[{}]}",
        "{\"a\":1,\"\\u0078\":true,\"b\":2.50e3 }|{\"a\":1,\"b\":2.50e3 }",
        "{\"a\":1 }|{\"a\":1 }",
        "{}|{}"
      })
  void aMemberIsTakenOutAndAllElseStaysAsItWas(String text, String expected) throws IOException {
    assertThat(sent(body(text).without("x"))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|{\"x\":\"new\"}",
        "{\"x\":1}|{\"x\":\"new\"}",
        "{\"a\":1}|{\"x\":\"new\",\"a\":1}",
        "{\"a\":1,\"x\":\"old\"}|{\"x\":\"new\",\"a\":1}",
        "{\"x\":\"old\", \"a\":1}|{\"x\":\"new\",\"a\":1}"
      })
  void aMemberIsReplaced(String text, String expected) throws IOException {
    var body = body(text).with("x", TextNode.valueOf("new"));
    assertThat(sent(body)).isEqualTo(expected);
    assertThat(body.length()).isEqualTo(expected.getBytes(UTF_8).length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "1",
        "{",
        "{\"a\":1}x",
        "{\"a\":1,\"a\":2}",
        "{\"b\":{\"a\":1,\"\\u0061\":2}}",
        "{\"a\":NaN}",
        "{\"a\":1,}",
        "{'a':1}",
        "{\"a\":\"\u0001\"}",
        "{/**/}"
      })
  void whatTwoReadersCouldTakeForTwoThingsIsRefused(String text) {
    assertThatThrownBy(() -> body(text)).isInstanceOf(MalformedException.class);
  }

  @Test
  void textInOtherEncodingsIsRefused() {
    assertThatThrownBy(() -> body("{\"a\":1}".getBytes(UTF_16LE)))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(
            () -> body(new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'}))
        .isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"x\":[ ]}|false",
        "{\"x\":null}|false",
        "{\"x\":false}|false",
        "{\"y\":1}|false",
        "{\"x\":[[]]}|true",
        "{\"x\":[{\"a\":[]},1], \"z\":[]}|true",
        "{\"x\":{}}|true",
        "{\"x\":0}|true",
        "{\"x\":\"\"}|true"
      })
  void itSaysWhatIsNotNothing(String text, boolean says) throws IOException {
    assertThat(body(text).says("x")).isEqualTo(says);
  }

  @Test
  void aValueIsRead() throws IOException {
    var body = body("{\"a\": {\"b\": [1]} , \"c\": \"d\"}");
    assertThat(body.value("a").toString()).isEqualTo("{\"b\":[1]}");
    assertThat(body.value("c").asText()).isEqualTo("d");
    assertThat(body.value("e").isMissingNode()).isTrue();
  }

  /// The parser reads eight kilobytes at a time.
  @Test
  void membersAreFoundWhereverTheyStand() throws IOException {
    for (var length = 7_990; length < 8_010; length++) {
      var long_ = "\"l\":\"" + "ü".repeat(length / 2) + "x".repeat(length % 2) + "\"";
      assertThat(sent(body("{" + long_ + ",\"x\":12,\"a\":3}").without("x")))
          .isEqualTo("{" + long_ + ",\"a\":3}");
    }
  }

  private static JsonBody body(String text) throws IOException {
    return body(text.getBytes(UTF_8));
  }

  private static JsonBody body(byte[] bytes) throws IOException {
    var held = new Blocks(new RelayMemory(4).share());
    held.addAll(new ByteArrayInputStream(bytes));
    return JsonBody.of(held);
  }

  private static String sent(JsonBody body) throws IOException {
    return new String(body.stream().readAllBytes(), UTF_8);
  }
}
