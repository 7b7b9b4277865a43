package io.approvalhub.demo;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WrappingTest {

  @Test
  void linesBreakBetweenWords() {
    assertThat(Wrapping.rows("At 06:00 we begin", 10, 0)).containsExactly("At 06:00 ", "we begin");
  }

  @Test
  void rowsHangBelowTheirLine() {
    assertThat(Wrapping.rows("  \"to\": \"everybody\"", 12, 2))
        .containsExactly("  \"to\": ", "    \"everybo", "    dy\"");
  }

  @Test
  void wideCharactersTakeTwoColumns() {
    assertThat(Wrapping.rows("承認待ち", 4, 0)).containsExactly("承認", "待ち");
    assertThat(Wrapping.columns("✅ é")).isEqualTo(4);
  }

  @Property(tries = 300)
  void nothingIsLostAndEveryRowFits(
      @ForAll String text, @ForAll @IntRange(min = 20, max = 100) int width) {
    var rows = Wrapping.rows(text, width, 0);
    var indent = " ".repeat(Math.min(text.length() - text.stripLeading().length(), width / 2));
    var joined = new StringBuilder(rows.getFirst());
    rows.stream().skip(1).forEach(row -> joined.append(row.substring(indent.length())));
    assertThat(joined).hasToString(text);
    assertThat(rows)
        .allSatisfy(row -> assertThat(Wrapping.columns(row)).isLessThanOrEqualTo(width));
  }
}
