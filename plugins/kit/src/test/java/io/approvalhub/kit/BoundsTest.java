package io.approvalhub.kit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoundsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "{\"a\":[1,{\"b\":\"x\\u0000\"}]}|args.a[1].b|holds the character U+0000",
        "{\"a\":{\"b\\u0000\":1}}|args.a.b[U+0000]|has a name that holds the character U+0000",
        "{\"a\":\"x\\ud800y\"}|args.a|holds the character U+D800",
        "[\"\\udc00\"]|args[0]|holds the character U+DC00",
        "{\"n\":1e999999999}|args.n|is a number of more than 1,000 digits",
        "{\"n\":1e-2000}|args.n|is a number of more than 1,000 digits",
        "{\"a\":[0,NaN]}|args.a[1]|is malformed at line 1, column 12",
        "{\"a\":{\"b\":1,\"b\":2}}|args.a.b|is malformed at line 1, column 16",
        "{\"a\":1} 2|args|is malformed at line 1, column 9"
      })
  void whatCannotBeTakenIsNamedWithItsPlace(String json, String where, String problem) {
    assertThatThrownBy(() -> Bounds.read(json.getBytes(UTF_8), "args"))
        .isInstanceOfSatisfying(
            OutOfBoundsException.class,
            e -> {
              assertThat(e.where()).isEqualTo(where);
              assertThat(e.problem()).isEqualTo(problem);
            });
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    var bytes = "{\"a\":\"x\"}".getBytes(UTF_8);
    bytes[6] = (byte) 0xFF;
    assertThatThrownBy(() -> Bounds.read(bytes, "args"))
        .isInstanceOf(OutOfBoundsException.class)
        .hasMessageStartingWith("args.a is malformed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "null", "\"👍🏽\"", "1.50", "{\"\":{\"a\":[1e300,-0.0]}}"})
  void whatIsWithinTheBoundsIsTakenAsItIs(String json) throws IOException {
    assertThat(Bounds.read(json.getBytes(UTF_8), "args")).isEqualTo(Json.parse(json));
  }

  @Test
  void sixtyLevelsAreTakenAndOneMoreIsNot() {
    assertThatCode(() -> Bounds.read(nested(60), "args")).doesNotThrowAnyException();
    assertThatThrownBy(() -> Bounds.read(nested(61), "args"))
        .hasMessageStartingWith("args[0][0]")
        .hasMessageEndingWith(" is nested more than 60 levels deep");
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 990, 1_200, 1_000_000})
  void anyDepthIsRefusedOnASmallStack(int depth) throws Exception {
    onASmallStack(
        () ->
            assertThatThrownBy(() -> Bounds.read(nested(depth), "args"))
                .isInstanceOf(OutOfBoundsException.class)
                .hasMessageContaining("is nested more than 100 levels deep"));
  }

  @Test
  void whatIsReadCanBeWrittenAndShownOnASmallStack() throws Exception {
    var deepest = "{\"a\":[".repeat(50) + "]}".repeat(50);
    onASmallStack(
        () -> {
          var value = Json.parse(deepest);
          assertThat(Json.text(value)).isEqualTo(deepest);
          assertThat(Disclosure.arguments(deepest)).isEqualTo(Json.pretty(value));
        });
  }

  @Test
  void argumentsThatAreTooDeepAreShownAsTheyAre() {
    var deep = "[".repeat(990) + "]".repeat(990);
    assertThat(Disclosure.arguments(deep)).isEqualTo(deep);
  }

  @Test
  void whatWouldFillTheMemoryWhenItIsIndentedIsRefused() {
    var wide = "[".repeat(59) + "0,".repeat(60_000) + "0" + "]".repeat(59);
    assertThatThrownBy(() -> Bounds.read(wide.getBytes(UTF_8), "args"))
        .hasMessage("args has more than 4,000,000 characters when it is shown to people");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "[[],{}]",
        "{\"a\":[1,2.50,\"x\\\"\\\\\\n\\t\\u0001\\u007f\"],\"b\\u202e\":{\"c\":null,\"d\":true}}",
        "\"a\\u200bb\\udb40\\udc41❤️️ 你👍🏽\\b\\f\\r\\u000b\"",
        "[[[[1e3,123456789012345678901234567890]]]]"
      })
  void theSizeForPeopleIsKnownWithoutRendering(String json) throws IOException {
    var value = Json.parse(json);
    assertThat(Bounds.rendered(value, 0))
        .isEqualTo(Disclosure.visible(Json.pretty(value)).length());
  }

  @Test
  void aTextThatCannotBeStoredIsRefused() {
    assertThatThrownBy(() -> Bounds.check("a\u0000", "reason"))
        .hasMessage("reason holds the character U+0000");
    assertThatThrownBy(() -> Bounds.check("a\ud83d", "reason"))
        .hasMessage("reason holds the character U+D83D");
    assertThatCode(() -> Bounds.check("a\u0001👍", "reason")).doesNotThrowAnyException();
  }

  private static void onASmallStack(ThrowingRunnable work) throws Exception {
    var task =
        new FutureTask<>(
            () -> {
              work.run();
              return true;
            });
    new Thread(null, task, "small", 200_000).start();
    assertThat(task.get()).isTrue();
  }

  private static byte[] nested(int depth) {
    return ("[".repeat(depth) + "]".repeat(depth)).getBytes(UTF_8);
  }

  private interface ThrowingRunnable {
    void run() throws Exception;
  }
}
