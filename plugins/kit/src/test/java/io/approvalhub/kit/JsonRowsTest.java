package io.approvalhub.kit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.approvalhub.kit.JsonRows.Row;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRowsTest {

  @Test
  void aRowThatIsNoJsonLeavesTheOthers() throws IOException {
    var rows =
        rows(
            "[{\"id\":1},{\"id\":NaN},{\"id\":2,\"id\":3},{\"t\":\"\\u0000\"},"
                + "[".repeat(1_200)
                + "]".repeat(1_200)
                + ", {\"id\":\"] , \\\" }\"} ]");
    assertThat(rows)
        .containsExactly(
            "{\"id\":1}",
            "[1].id is malformed at line 1, column 10",
            "[2].id is malformed at line 1, column 13",
            "[3].t holds the character U+0000",
            rows.get(4),
            "{\"id\":\"] , \\\" }\"}");
    assertThat(rows.get(4)).startsWith("[4][0]").contains("more than 100 levels deep");
  }

  @Test
  void aRowThatIsTooLargeLeavesTheOthers() throws IOException {
    var large = "{\"id\":\"" + "x".repeat(JsonRows.LONGEST) + "\"}";
    assertThat(rows("[" + large + ",{\"id\":1}]"))
        .containsExactly("[0] has more than 8,388,608 bytes", "{\"id\":1}");
  }

  @Test
  void theListStandsUnderItsField() throws IOException {
    assertThat(
            rows(
                "{\"page\":{\"approvals\":[9]},\"x\":\"approvals\",\"approvals\":[1"
                    + " ,2],\"y\":[3]}"))
        .containsExactly("1", "2");
    assertThat(rows(" [ ] ")).isEmpty();
    assertThat(rows("{\"approvals\":[]}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{}",
        "[1",
        "[1]]",
        "[1] 2",
        "{\"approvals\":[1]",
        "{\"approvals\":null}",
        "{\"approvals\":{\"a\":[1]}}",
        "{\"approvals\":[1],\"approvals\":[2]}",
        "{\"other\":[1]}"
      })
  void whatIsNoWholeListIsRefused(String text) {
    assertThatThrownBy(() -> rows(text)).isInstanceOf(IOException.class);
  }

  /// The rows as they come out, the text cut at an odd place.
  private static List<String> rows(String text) throws IOException {
    var rows = new JsonRows(Optional.of("approvals"));
    var bytes = text.getBytes(UTF_8);
    rows.add(Arrays.copyOfRange(bytes, 0, bytes.length / 3));
    rows.add(Arrays.copyOfRange(bytes, bytes.length / 3, bytes.length));
    return rows.rows().stream().map(JsonRowsTest::said).toList();
  }

  private static String said(Row row) {
    return switch (row) {
      case Row.Value value -> Json.text(value.json());
      case Row.Fault fault -> fault.problem().where() + " " + fault.problem().problem();
    };
  }
}
