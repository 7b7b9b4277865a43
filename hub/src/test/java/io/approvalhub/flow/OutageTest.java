package io.approvalhub.flow;

import static io.approvalhub.flow.FiveChannels.ALL;
import static io.approvalhub.flow.FiveChannels.DISCORD;
import static io.approvalhub.flow.FiveChannels.PATIENCE;
import static io.approvalhub.flow.FiveChannels.SLACK;
import static io.approvalhub.flow.FiveChannels.TELEGRAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import io.approvalhub.testkit.FakePlatform.Trouble;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Platforms that are down when the hub starts.
final class OutageTest {

  private static final String TOOL = "restart_database";

  @TempDir private Path folder;

  @Test
  void theHubStartsSaysWhatIsWrongAndPostsOnceEachPlatformIsUp() {
    var begin = Instant.now();
    try (var hub = FiveChannels.outOfReach(folder)) {
      awaitTrouble(
          hub, begin, Stream.of(TELEGRAM, SLACK, DISCORD).map(name -> name + ":in").toList());
      var id = hub.raise(TOOL, Json.object(), "");
      awaitTrouble(hub, begin, ALL);
      assertThat(hub.now(TOOL)).isEmpty();

      hub.trouble(Trouble.BROKEN);
      hub.open();
      var copies = hub.copies(TOOL);
      awaitAllWorking(hub);
      for (var channel : ALL) {
        hub.awaitTold(channel, copies, hub.stranger(channel), "You may not decide here");
      }

      hub.click(TELEGRAM, copies, Action.APPROVE, hub.alice(TELEGRAM));
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(hub.now(TOOL).values())
                      .allSatisfy(copy -> assertThat(copy.text()).contains("Approved by alice")));
      assertThat(hub.decisions(id)).hasSize(1);
    }
  }

  private static void awaitTrouble(FiveChannels hub, Instant begin, List<String> channels) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(channels)
                    .allSatisfy(
                        channel -> {
                          var contact = hub.contacts().path("channel:" + channel);
                          assertThat(condition(contact)).isEqualTo("troubled");
                          assertThat(contact.path("last_trouble").asText()).isNotBlank();
                          assertThat(Instant.parse(contact.path("since").asText()))
                              .isBetween(begin, Instant.now());
                        }));
  }

  private static void awaitAllWorking(FiveChannels hub) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(hub.contacts().properties())
                    .filteredOn(contact -> contact.getKey().startsWith("channel:"))
                    .hasSizeGreaterThanOrEqualTo(ALL.size())
                    .allSatisfy(
                        contact ->
                            assertThat(condition(contact.getValue()))
                                .as(contact.getKey())
                                .isEqualTo("working")));
  }

  private static String condition(JsonNode contact) {
    return contact.path("condition").asText();
  }
}
