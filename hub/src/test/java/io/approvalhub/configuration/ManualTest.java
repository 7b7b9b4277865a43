package io.approvalhub.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.TestHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The manual, `config/hub.yml`, is true.
final class ManualTest {

  private static final String SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";

  /// What an operator would have in the environment, where its form matters.
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "CALLBACK_SECRET", SECRET,
          "WEBHOOK_SECRET", SECRET,
          "TELEGRAM_TOKEN", "123456789:AAE0123456789abcdefghijklmnopqrstuv",
          "SLACK_BOT_TOKEN", "xoxb-1-2-3",
          "SLACK_APP_TOKEN", "xapp-1-2-3",
          "DISCORD_TOKEN", "abc.def.ghi");

  @TempDir private Path folder;

  @Test
  void theHubStartsWithItAsItStands() throws IOException {
    try (var hub = TestHub.start(folder, manual(), true)) {
      assertThat(hub.get("", "/health").status()).isEqualTo(200);
    }
  }

  @Test
  void theHubStartsWithEverySettingInIt() throws IOException {
    try (var hub = TestHub.start(folder, filled(uncommented()), true)) {
      assertThat(hub.get("ALICE_KEY", "/v2/approvals/plugins/list").response().body())
          .isEqualTo("[\"webhook\",\"telegram\",\"slack\",\"discord\",\"whatsapp\"]");
    }
  }

  private String uncommented() throws IOException {
    return manual()
        .lines()
        .filter(line -> line.startsWith("#") && !line.startsWith("##"))
        .map(line -> line.substring(1))
        .collect(Collectors.joining("\n"));
  }

  private String filled(String text) throws IOException {
    Files.createDirectory(folder.resolve("plugins"));
    return Pattern.compile("\\$\\{(\\w+)}")
        .matcher(text)
        .replaceAll(match -> ENVIRONMENT.getOrDefault(match.group(1), match.group(1)))
        .replace("dir: ./plugins", "dir: " + folder.resolve("plugins"));
  }

  private static String manual() throws IOException {
    return Files.readString(Path.of("..", "config", "hub.yml"));
  }
}
