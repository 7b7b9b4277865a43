package io.approvalhub.flow;

import static io.approvalhub.flow.FiveChannels.ALL;
import static io.approvalhub.flow.FiveChannels.DISCORD;
import static io.approvalhub.flow.FiveChannels.PATIENCE;
import static io.approvalhub.flow.FiveChannels.SLACK;
import static io.approvalhub.flow.FiveChannels.TELEGRAM;
import static io.approvalhub.flow.FiveChannels.WEBHOOK;
import static io.approvalhub.flow.FiveChannels.WHATSAPP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Action;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One approval in five channels: whoever decides it, wherever, all of them say so.
///
/// The hub sends ten messages to a person on WhatsApp and then one every six seconds, so no test
/// sends more than ten.
final class FiveChannelsTest {

  @TempDir private Path folder;

  @Test
  void aClickOnAWebhookOnTelegramOrSlackIsSeenInAllChannels() {
    try (var hub = FiveChannels.bySocket(folder)) {
      assertThat(hub.get("eve", "/v2/approvals/plugins/list"))
          .hasToString("[\"webhook\",\"telegram\",\"slack\",\"discord\",\"whatsapp\"]");
      List.of(WEBHOOK, TELEGRAM, SLACK).forEach(channel -> assertSeenInAll(hub, channel));
    }
  }

  @Test
  void aClickOnDiscordOrWhatsAppIsSeenInAllChannels() {
    try (var hub = FiveChannels.bySocket(folder)) {
      List.of(DISCORD, WHATSAPP).forEach(channel -> assertSeenInAll(hub, channel));
    }
  }

  @Test
  void aClickThatComesByHttpIsSeenInAllChannels() {
    try (var hub = FiveChannels.byHttp(folder)) {
      List.of(TELEGRAM, SLACK, DISCORD).forEach(channel -> assertSeenInAll(hub, channel));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoMayNotDecideAndWhoComesLateIsToldSo(boolean bySocket) {
    try (var hub = bySocket ? FiveChannels.bySocket(folder) : FiveChannels.byHttp(folder)) {
      var id = hub.raise("rotate_keys", Json.object(), "");
      var copies = hub.copies("rotate_keys");
      var before = hub.look(id);
      for (var channel : ALL) {
        hub.awaitTold(channel, copies, hub.stranger(channel), "You may not decide here");
      }
      assertThat(hub.look(id)).isEqualTo(before);

      hub.post("alice", "/v2/approvals/" + id + "/approve", Json.object());
      awaitAll(hub, "rotate_keys", "Approved by alice", "via api");
      var decided = hub.look(id);
      for (var channel : ALL) {
        hub.awaitTold(channel, copies, hub.alice(channel), "Already approved by alice via api at");
      }
      assertThat(hub.look(id)).isEqualTo(decided);
      assertThat(hub.refused()).isEmpty();
    }
  }

  @Test
  void ofClicksInAllChannelsAtTheSameMomentOneCounts() throws Exception {
    try (var hub = FiveChannels.bySocket(folder)) {
      var tools = IntStream.range(0, 10).mapToObj(round -> "round_" + round).toList();
      var ids = tools.stream().map(tool -> hub.raise(tool, Json.object(), "")).toList();
      for (var round = 0; round < tools.size(); round++) {
        var copies = hub.copies(tools.get(round));
        var wanted = actions(round);
        var answers =
            atOnce(
                channel ->
                    hub.click(
                        channel, copies, wanted.get(ALL.indexOf(channel)), hub.alice(channel)));
        assertOneDecision(hub, tools.get(round), ids.get(round), wanted, answers);
      }
    }
  }

  private static void assertSeenInAll(FiveChannels hub, String clicked) {
    var tool = "deploy_by_" + clicked;
    var id = hub.raise(tool, Json.object().put("to", "production"), "release day");
    var copies = hub.copies(tool);
    assertThat(copies.values())
        .allSatisfy(
            copy -> {
              assertThat(copy.text()).contains("local", "Medium risk", "release day", "production");
              assertThat(copy.buttons())
                  .containsOnlyKeys(Action.APPROVE, Action.DENY, Action.DENY_WITH_REASON);
            });

    hub.click(clicked, copies, Action.APPROVE, hub.alice(clicked));
    awaitAll(hub, tool, "Approved by alice", "via " + clicked);
    assertThat(hub.look(id).path("delivered").asText()).isEqualTo("waiting");

    var told = hub.ask(id);
    assertThat(told.path("status").asText()).isEqualTo("approved");
    assertThat(told.path("decided_by").asText()).isEqualTo("alice");
    awaitAll(hub, tool, "Approved by alice · agent resumed", "via " + clicked);
    assertThat(hub.ask(id)).isEqualTo(told);
    assertThat(hub.decisions(id)).hasSize(1);
    assertThat(hub.now(tool).values()).allSatisfy(copy -> assertThat(copy.edits()).isEqualTo(2));
    assertThat(hub.refused()).isEmpty();
  }

  /// Waits until all copies say this and none has buttons; on WhatsApp these cannot be removed.
  private static void awaitAll(FiveChannels hub, String tool, String... words) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                hub.now(tool)
                    .forEach(
                        (channel, copy) -> {
                          assertThat(copy.text()).as(channel).contains(words);
                          assertThat(channel.equals(WHATSAPP) || copy.buttons().isEmpty()).isTrue();
                        }));
  }

  /// Approvals and denials in turn, the other way round in the next round.
  private static List<Action> actions(int round) {
    return ALL.stream()
        .map(channel -> (ALL.indexOf(channel) + round) % 2 == 0 ? Action.APPROVE : Action.DENY)
        .toList();
  }

  private static List<String> atOnce(Function<String, String> click) throws Exception {
    var start = new CyclicBarrier(ALL.size());
    var clicks = new ArrayList<Callable<String>>();
    for (var channel : ALL) {
      clicks.add(
          () -> {
            start.await();
            return click.apply(channel);
          });
    }
    var answers = new ArrayList<String>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(clicks)) {
        answers.add(answer.get());
      }
    }
    return answers;
  }

  private static void assertOneDecision(
      FiveChannels hub, String tool, String id, List<Action> wanted, List<String> answers) {
    var decisions = hub.decisions(id);
    assertThat(decisions).hasSize(1);
    var winner = decisions.getFirst().group(2);
    var verdict = wanted.get(ALL.indexOf(winner)).verdict();
    assertThat(decisions.getFirst().group(1)).isEqualToIgnoringCase(verdict.name());
    var status = hub.look(id).path("status").asText();
    assertThat(status).startsWithIgnoringCase(verdict.name().substring(0, 3));
    assertThat(answers.stream().filter(answer -> answer.startsWith("Already")))
        .hasSizeLessThan(ALL.size())
        .allSatisfy(
            answer ->
                assertThat(answer).startsWith("Already " + status + " by alice via " + winner));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(hub.now(tool).entrySet())
                    .filteredOn(copy -> !copy.getKey().equals(WHATSAPP))
                    .allSatisfy(
                        copy ->
                            assertThat(copy.getValue().text())
                                .containsIgnoringCase(status + " by alice")
                                .contains("via " + winner)));
  }
}
