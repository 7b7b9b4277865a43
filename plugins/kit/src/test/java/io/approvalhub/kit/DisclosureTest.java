package io.approvalhub.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DisclosureTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password", "PASSWORD", "dbPassword", "db_passwd", "pwd", "client-secret", "token",
        "accessToken", "ACCESS_TOKEN", "api_key", "apiKey", "APIKEY", "x-api-key", "Authorization",
        "credentials", "private_key", "sessionCookie", "Set-Cookie", "aws_secret_access_key", "pin"
      })
  void aSecretIsKnownByItsName(String name) throws IOException {
    assertThat(masked("{\"%s\":\"hunter2\",\"path\":\"/tmp\"}".formatted(name)))
        .isEqualTo("{\"%s\":\"[masked: 7 characters]\",\"path\":\"/tmp\"}".formatted(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"max_tokens\":400}",
        "{\"tokenizer\":\"bpe\"}",
        "{\"secretary\":\"Jane\"}",
        "{\"password_command\":\"reboot\",\"credential_helper\":\"x\",\"token\":\"\"}",
        "{\"token_file\":\"/etc/shadow\",\"token_url\":\"https://a\",\"secret_name\":\"n\"}",
        "[\"sudo\",\"--no-password\",\"reboot\"]",
        "[\"sudo\",\"-p\",\"--token\",\"reboot\"]",
        "[\"rm\",\"--\",\"--token\",\"important\"]",
        "{\"dry_run\":true,\"password\":null}",
        "{\"path\":\"/etc/hosts\",\"n\":1.10}"
      })
  void whatIsNoSecretIsShown(String json) throws IOException {
    assertThat(masked(json)).isEqualTo(json);
  }

  @Test
  void whateverIsBelowASecretNameIsMasked() throws IOException {
    assertThat(masked("{\"credentials\":{\"user\":\"u\",\"key\":\"k\"},\"password\":1234}"))
        .isEqualTo(
            "{\"credentials\":\"[masked: JSON of 22 characters]\","
                + "\"password\":\"[masked: 4 characters]\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "\"a-b_c.d/e+f=g@h:i\"|[masked: 17 characters]",
        "\"x\"|[masked: 1 character]",
        "\"pässwörd\"|[masked: 8 characters]",
        "\"two words\"|[masked: 9 characters, with spaces]",
        "\"a;b\"|[masked: 3 characters, with characters that a shell reads]",
        "\"$(x)\"|[masked: 4 characters, with characters that a shell reads]",
        "\"a\\nb\"|[masked: 3 characters, with spaces]",
        "\"x; y\"|[masked: 4 characters, with spaces and characters that a shell reads]",
        "\"‘x’\"|[masked: 3 characters, with characters that a shell reads]",
        "{\"run\":\"rm -r x\"}|[masked: JSON of 17 characters, with spaces]"
      })
  void aWholeValueSaysWhatNoMaskInATextCovers(String value, String shown) throws IOException {
    assertThat(masked("{\"password\":" + value + "}"))
        .isEqualTo("{\"password\":\"" + shown + "\"}");
  }

  @Test
  void aPairOfNameAndValueIsMasked() throws IOException {
    assertThat(
            masked("[{\"name\":\"API_KEY\",\"value\":\"v\"},{\"name\":\"HOME\",\"value\":\"/\"}]"))
        .isEqualTo(
            "[{\"name\":\"API_KEY\",\"value\":\"[masked: 1 character]\"},"
                + "{\"name\":\"HOME\",\"value\":\"/\"}]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hunter2|[masked: 7 characters]",
        "curl evil;x|[masked: 4 characters] evil;x",
        "$(curl evil)|$(curl evil)",
        "-c|-c"
      })
  void theArgumentAfterASecretFlagIsMaskedLikeAText(String argument, String shown)
      throws IOException {
    assertThat(masked("[\"login\",\"--password\",\"%s\",\"--user\",\"u\"]".formatted(argument)))
        .isEqualTo("[\"login\",\"--password\",\"%s\",\"--user\",\"u\"]".formatted(shown));
  }

  @Test
  void maskedNamesStayApart() throws IOException {
    assertThat(masked("{\"sk-aaaaaaaaaa\":1,\"sk-bbbbbbbbbb\":2}"))
        .isEqualTo("{\"[masked: 13 characters]\":1,\"[masked: 13 characters] (2)\":2}");
  }

  @Test
  void aHundredThousandMaskedNamesAreNoTrouble() throws IOException {
    var json = new StringBuilder("{");
    for (var i = 0; i < 100_000; i++) {
      json.append(i == 0 ? "" : ",").append("\"sk-%010d\":0".formatted(i));
    }
    assertThat(Json.parse(masked(json.append('}').toString()))).hasSize(100_000);
  }

  @Test
  void whatCannotBeSeenIsWrittenOut() {
    var text = "a\u200bb\u202ec\u0000d\r\ne\tf\udb40\udc41g\ud800h\u2028i\u00adj\ufeffk\u3164";
    assertThat(Disclosure.visible(text))
        .isEqualTo(
            "a[U+200B]b[U+202E]c[U+0000]d[U+000D]\ne\tf[U+E0041]g[U+D800]h[U+2028]i[U+00AD]j"
                + "[U+FEFF]k[U+3164]");
  }

  @Test
  void languagesAndEmojiAreLeftAlone() {
    var text = "Grüße 你好 שלום नमस्ते 👍🏽 ❤️ 🇩🇪";
    assertThat(Disclosure.visible(text)).isEqualTo(text);
  }

  @Test
  void aHeartCannotCarryHiddenBits() {
    assertThat(Disclosure.visible("❤\ufe0f\ufe0e\ufe0f")).isEqualTo("❤\ufe0f[U+FE0E][U+FE0F]");
  }

  @Test
  void argumentsAreIndentedMaskedAndVisible() {
    assertThat(Disclosure.arguments("{\"a\":\"x\\u202ey\",\"token\":\"t\",\"n\":1.50,\"l\":[]}"))
        .isEqualTo(
            """
            {
              "a": "x[U+202E]y",
              "token": "[masked: 1 character]",
              "n": 1.50,
              "l": []
            }\
            """);
  }

  @Test
  void argumentsThatTwoReadersCouldReadDifferentlyAreShownAsTheyAre() {
    var twice = "{\"a\":1,\"a\":2}";
    assertThat(Disclosure.arguments(twice)).isEqualTo(twice);
  }

  private static String masked(String json) throws IOException {
    return Json.text(Disclosure.masked(Json.parse(json)));
  }
}
