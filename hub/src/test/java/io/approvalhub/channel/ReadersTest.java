package io.approvalhub.channel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.FlowYaml;
import io.approvalhub.TestHub;
import io.approvalhub.delivery.ManualRounds;
import io.approvalhub.testkit.FakeDiscord;
import io.approvalhub.testkit.FakeWebhookReceiver;
import java.nio.file.Path;
import java.util.HashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is said to whom: in a private chat in the person's language and time, elsewhere in the
/// hub's; and of the operator's own tools in the operator's words.
@Timeout(60)
final class ReadersTest {

  @TempDir private Path folder;
  private final FakeDiscord discord = FakeDiscord.http();
  private final FakeWebhookReceiver receiver = new FakeWebhookReceiver();
  private TestHub hub;

  @BeforeEach
  void start() {
    var direct = new HashMap<>(discord.settings());
    direct.remove("channel");
    direct.put("user", "80351110224678912");
    hub =
        TestHub.start(
            folder,
            "hub:\n"
                + TestHub.KEYS
                + """
                people:
                  alice: {discord: "80351110224678912", language: de, time-zone: Europe/Berlin}
                  bob: {discord: "80351110224678913", webhook: bob}
                agents:
                  local: {type: push}
                  second: {type: push}
                presentations:
                  - match: {tool: "kubectl_*", agent: [second]}
                    headline: of the other agent
                  - match: {tool: "kubectl_*"}
                    headline: "Changes {{args.cluster}} to {{args.nothing}}"
                    first: [namespace]
                channels:
                  direct: {plugin: discord, approvers: [alice], settings: %s}
                  group: {plugin: discord, approvers: [bob], settings: %s}
                  hook: {plugin: webhook, approvers: [bob], settings: %s}
                """
                    .formatted(
                        FlowYaml.of(direct),
                        FlowYaml.of(discord.settings()),
                        FlowYaml.of(receiver.settings())),
            true);
  }

  @AfterEach
  void stop() {
    hub.close();
    discord.close();
    receiver.close();
  }

  @Test
  void aPrivateChatIsInThePersonsLanguageAndTimeAndAGroupInTheHubs() {
    var id = hub.raise("rm", "{\"cwd\": \"/srv\", \"command\": \"rm -rf build\"}");
    turn();
    assertThat(discord.shown())
        .extracting(shown -> shown.text())
        .anySatisfy(
            text ->
                assertThat(text)
                    .contains("local will in /srv einen Befehl ausführen (rm)", "Werkzeug"))
        .anySatisfy(
            text -> assertThat(text).contains("local wants to run a command in /srv (rm)", "Tool"));
    hub.post("bob", "/v2/approvals/" + id + "/approve", "");
    turn();
    assertThat(discord.shown())
        .extracting(shown -> shown.text())
        .anySatisfy(text -> assertThat(text).contains("Genehmigt von bob").contains("über api um"))
        .anySatisfy(text -> assertThat(text).contains("Approved by bob").contains("via api at"));
  }

  @Test
  void theShapeOfACallMakesItsHeadlineAndItsParts() {
    var data = raised("sh", "{\"cwd\": \"/srv\", \"command\": \"a\\nb\", \"token\": \"hunter2\"}");
    assertThat(data.path("headline").asText())
        .isEqualTo("local wants to run a command in /srv (sh)");
    assertThat(data.path("parts").findValuesAsText("kind")).containsExactly("code", "table");
    assertThat(data.path("parts").path(0).path("text").asText()).isEqualTo("a\nb");
    assertThat(data.toString()).doesNotContain("hunter2");
  }

  @Test
  void theOperatorNamesAndOrdersTheCallsOfOwnTools() {
    var data = raised("kubectl_apply", "{\"cluster\": \"prod\", \"namespace\": \"shop\"}");
    assertThat(data.path("headline").asText())
        .isEqualTo("local: Changes prod to … (kubectl_apply)");
    assertThat(data.path("parts").path(0).path("rows").findValuesAsText("name"))
        .containsExactly("namespace", "cluster");
  }

  private JsonNode raised(String tool, String arguments) {
    hub.raise(tool, arguments);
    turn();
    return receiver.events().getLast().path("data");
  }

  private void turn() {
    hub.bean(ManualRounds.class).turn();
  }
}
