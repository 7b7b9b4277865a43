package io.approvalhub.kit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"n\":1.10,\"big\":123456789012345678901234567890.5}", "[]", "null", "\"ä\""})
  void nothingIsLostOnTheWay(String json) throws IOException {
    assertThat(Json.text(Json.parse(json))).isEqualTo(json);
    assertThat(Json.text(Json.parse(json.getBytes(UTF_8)))).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "{'a':1}", "{\"a\":1,\"a\":2}", "{} {}", "hunter2"})
  void whatIsMalformedIsRefusedAndNotQuoted(String json) {
    assertThatThrownBy(() -> Json.parse(json))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("JSON is ")
        .message()
        .doesNotContain("hunter2");
  }

  @Test
  void endlessNestingIsRefused() {
    assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).isInstanceOf(IOException.class);
  }
}
