package io.approvalhub.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.demo.Screen.Colour;
import org.junit.jupiter.api.Test;

class ScreenTest {

  @Test
  void nothingThatIsPrintedSteersTheTerminal() {
    var printed = Printed.plain();
    printed.screen().line("ls\033[2J\rrm\u200b");
    assertThat(printed.text()).isEqualTo("ls[U+001B][2J[U+000D]rm[U+200B]\n");
  }

  @Test
  void aTerminalThatLacksCharactersShowsOthers() {
    var printed = new Printed(US_ASCII, 80, false);
    printed.screen().part(Colour.NONE, Colour.NONE, "Approved by Zoë · agent resumed", 0);
    assertThat(printed.text()).isEqualTo("| Approved by Zo[U+00EB] - agent resumed\n");
    var latin = new Printed(ISO_8859_1, 80, false);
    latin.screen().line("Zoë · you");
    assertThat(latin.text()).isEqualTo("Zoë · you\n");
  }

  @Test
  void aNarrowTerminalGetsNarrowRows() {
    var printed = new Printed(UTF_8, 24, false);
    printed.screen().part(Colour.NONE, Colour.NONE, "Reason   It writes to every customer", 9);
    assertThat(printed.text())
        .isEqualTo("│ Reason   It writes to \n│          every \n│          customer\n");
  }

  @Test
  void aWideTerminalGetsRowsThatCanBeRead() {
    var printed = new Printed(UTF_8, 300, false);
    printed.screen().line("word ".repeat(50));
    assertThat(printed.text().lines().mapToInt(String::length).max()).hasValue(100);
  }

  @Test
  void coloursEndWithTheirRow() {
    var printed = new Printed(UTF_8, 80, true);
    printed.screen().part(Colour.RED, Colour.STRONG, "Danger", 0);
    assertThat(printed.text()).isEqualTo("\033[31m│ \033[0m\033[1mDanger\033[0m\n");
  }
}
