package io.approvalhub.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MessagesTest {

  private static final Pattern PLACE = Pattern.compile("\\{(\\d)");

  @Test
  void everyLanguageSaysEverything() throws IOException {
    var english = bundle("");
    for (var language : Messages.LANGUAGES) {
      if (!language.equals(Locale.ENGLISH)) {
        var other = bundle("_" + language.getLanguage());
        assertThat(other.stringPropertyNames())
            .containsExactlyInAnyOrderElementsOf(english.stringPropertyNames());
        assertThat(english.stringPropertyNames())
            .allSatisfy(
                key ->
                    assertThat(places(other.getProperty(key)))
                        .as(key)
                        .isEqualTo(places(english.getProperty(key))));
      }
    }
  }

  @Test
  void everyTextCanBeFilledIn() throws IOException {
    for (var language : Messages.LANGUAGES) {
      for (var key : bundle("").stringPropertyNames()) {
        assertThat(Messages.in(language).text(key, 1, 2, 3, 4, 5))
            .as(key)
            .isNotBlank()
            .doesNotContain("{", "}", "''");
      }
    }
  }

  @Test
  void aLanguageThatIsNotKnownIsEnglish() {
    assertThat(Messages.in(Locale.JAPANESE).text("button.deny")).isEqualTo("Deny");
    assertThat(Messages.in(Locale.forLanguageTag("de-AT")).text("button.deny"))
        .isEqualTo("Ablehnen");
  }

  @Test
  void whatSomebodyElseSaysIsNotTranslated() {
    var german = Messages.in(Locale.GERMAN);
    assertThat(german.translated("the client has gone")).isEqualTo("der Client ist gegangen");
    assertThat(german.translated("too risky")).isEqualTo("too risky");
  }

  private static TreeSet<String> places(String text) {
    return PLACE
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Properties bundle(String suffix) throws IOException {
    var properties = new Properties();
    var name = "messages" + suffix + ".properties";
    try (var text = Objects.requireNonNull(Messages.class.getResourceAsStream(name))) {
      properties.load(new InputStreamReader(text, StandardCharsets.UTF_8));
    }
    return properties;
  }
}
