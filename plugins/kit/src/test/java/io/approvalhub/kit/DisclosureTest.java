package io.approvalhub.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
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
        .isEqualTo("{\"%s\":\"[masked]\",\"path\":\"/tmp\"}".formatted(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"max_tokens\":400}",
        "{\"tokenizer\":\"bpe\"}",
        "{\"secretary\":\"Jane\"}",
        "{\"dry_run\":true,\"password\":null}",
        "{\"path\":\"/etc/hosts\",\"n\":1.10}"
      })
  void whatIsNoSecretIsShown(String json) throws IOException {
    assertThat(masked(json)).isEqualTo(json);
  }

  @Test
  void whateverIsBelowASecretNameIsMasked() throws IOException {
    assertThat(masked("{\"credentials\":{\"user\":\"u\",\"key\":\"k\"},\"password\":1234}"))
        .isEqualTo("{\"credentials\":\"[masked]\",\"password\":\"[masked]\"}");
  }

  @Test
  void aPairOfNameAndValueIsMasked() throws IOException {
    assertThat(
            masked("[{\"name\":\"API_KEY\",\"value\":\"v\"},{\"name\":\"HOME\",\"value\":\"/\"}]"))
        .isEqualTo(
            "[{\"name\":\"API_KEY\",\"value\":\"[masked]\"},{\"name\":\"HOME\",\"value\":\"/\"}]");
  }

  @Test
  void theArgumentAfterASecretFlagIsMasked() throws IOException {
    assertThat(masked("[\"login\",\"--password\",\"hunter2\",\"--user\",\"u\"]"))
        .isEqualTo("[\"login\",\"--password\",\"[masked]\",\"--user\",\"u\"]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "curl -H 'Authorization: Bearer abc.def' x|curl -H 'Authorization: [masked]' x",
        "Bearer abcdef123456|Bearer [masked]",
        "Basic dXNlcjpwYXNz|Basic [masked]",
        "key sk-proj-abcdefgh12345678 end|key [masked] end",
        "xoxb-12345678-abcdef|[masked]",
        "ghp_abcdefghijklmnop1234|[masked]",
        "AKIAIOSFODNN7EXAMPLE|[masked]",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw|[masked]",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_d|[masked]",
        "postgres://app:p@ss:w@db.example.com/x|postgres://app:[masked]@db.example.com/x",
        "https://hooks.slack.com/services/T0/B0/X0|https://hooks.slack.com/services/[masked]",
        "PASSWORD=hunter2 run|PASSWORD=[masked] run",
        "https://a.example/?token=abc&x=1|https://a.example/?token=[masked]&x=1",
        "mysql --password hunter2 -h db|mysql --password [masked] -h db",
        "{\"password\":\"a\\\"b\",\"x\":1}|{\"password\":\"[masked]\",\"x\":1}",
        "{\\\"password\\\":\\\"ab\\\",\\\"x\\\":1}|{\\\"password\\\":\\\"[masked]\\\",\\\"x\\\":1}",
        "bot 123456789:AAF-abcdefghijklmnopqrstuvwxyz12345|bot [masked]",
        "a basic understanding of tokens, and a key|a basic understanding of tokens, and a key"
      })
  void aSecretIsKnownByItsForm(String text, String shown) {
    assertThat(Disclosure.text(text)).isEqualTo(shown);
    assertThat(Disclosure.text(shown)).isEqualTo(shown);
  }

  @Test
  void aPemBlockIsMaskedAsAWhole() {
    var pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----";
    assertThat(Disclosure.text("a " + pem + " b")).isEqualTo("a [masked] b");
    assertThat(Disclosure.text("a " + pem.substring(0, 40))).isEqualTo("a [masked]");
  }

  @Test
  void twoMaskedNamesStayTwo() throws IOException {
    assertThat(masked("{\"sk-aaaaaaaaaa\":1,\"sk-bbbbbbbbbb\":2}"))
        .isEqualTo("{\"[masked]\":1,\"[masked]'\":2}");
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
              "token": "[masked]",
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "eyJ-",
        "password",
        "password ",
        "://a:",
        "0",
        "--",
        "sk-",
        "Basic a",
        "token=\\\""
      })
  void aLongTextTakesNoLongTime(String part) {
    var threads = ManagementFactory.getThreadMXBean();
    var start = threads.getCurrentThreadCpuTime();
    Disclosure.text(part.repeat(200_000 / part.length()));
    // of the processor, however busy the machine is
    assertThat(threads.getCurrentThreadCpuTime() - start).isLessThan(10_000_000_000L);
  }

  private static String masked(String json) throws IOException {
    return Json.text(Disclosure.masked(Json.parse(json)));
  }
}
