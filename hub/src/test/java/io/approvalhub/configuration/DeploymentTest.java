package io.approvalhub.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.TestHub;
import io.approvalhub.database.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/// What `config` has for running several nodes, as far as it can be tried without Docker.
final class DeploymentTest {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(\\w+)}");
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PUBLIC_URL", "https://approvals.example.com",
          "ALICE_TELEGRAM", "42424242",
          "TELEGRAM_TOKEN", "123456789:AAE0123456789abcdefghijklmnopqrstuv");

  @TempDir private Path folder;

  @Test
  void everyNodeOfTheComposeFileGetsTheFileAndWhatItNeeds() throws IOException {
    var services = section(new Yaml().load(read("docker-compose.yml")), "services");
    var needed =
        PLACEHOLDER
            .matcher(read("nodes.yml"))
            .results()
            .map(match -> match.group(1))
            .collect(Collectors.toSet());

    for (var name : List.of("hub-a", "hub-b")) {
      var node = section(services, name);
      assertThat(section(node, "environment").keySet()).isEqualTo(needed);
      assertThat(String.valueOf(node.get("volumes")))
          .contains("./nodes.yml:/etc/approval-hub/hub.yml");
    }
  }

  @Test
  void aHubStartsWithTheFileOfTheNodes() throws IOException {
    var database = Postgres.shared().create("deployment");
    var settings = Map.<String, Object>of("hub.database.url", database);
    try (var hub = TestHub.start(folder, filled(read("nodes.yml")), true, settings)) {
      assertThat(hub.get("ALICE_KEY", "/v2/approvals").status()).isEqualTo(200);
    }
  }

  private static String filled(String text) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(DeploymentTest::value)
        .replace("user: hub", "user: postgres");
  }

  private static String value(MatchResult placeholder) {
    return ENVIRONMENT.getOrDefault(placeholder.group(1), placeholder.group(1));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> section(Map<String, Object> of, String name) {
    return (Map<String, Object>) Optional.ofNullable(of.get(name)).orElseThrow();
  }

  private static String read(String file) throws IOException {
    return Files.readString(Path.of("..", "config", file));
  }
}
