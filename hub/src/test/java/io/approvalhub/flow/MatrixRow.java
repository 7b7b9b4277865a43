package io.approvalhub.flow;

import static io.approvalhub.flow.FivePlatforms.WHATSAPP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.approvalhub.plugin.Action;
import io.approvalhub.testkit.FakePlatform.Shown;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.awaitility.core.ConditionFactory;

/// An agent, and five channels which show what this agent asks and no other does. With channels of
/// their own the agents do not wait for each other: the hub sends a person on WhatsApp ten messages
/// and then one every six seconds.
record MatrixRow(String name, AskingAgent agent, FivePlatforms platforms) implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /// Its key for the hub's file.
  String key() {
    return "    %1$s: {key: %1$s, role: agent, agent: %1$s}\n".formatted(name);
  }

  /// Its agent for the hub's file.
  String settings() {
    return "  " + name + ": " + agent.settings() + "\n";
  }

  /// Its channels for the hub's file.
  String channels() {
    return platforms.channels("-" + name, "agents: [" + name + "], ", value -> value);
  }

  void callBack(URI hub) {
    platforms.callBack(hub, "-" + name);
  }

  /// The agent asks, all five platforms show it, alice presses on one, the agent is told once, and
  /// all five show who decided and where.
  void play(URI hub, String platform, Action action) {
    var mark = String.join("_", name, platform, word(action));
    agent.ask(hub, mark);
    var copies = copies(mark);
    platforms.click(platform, copies, action, FivePlatforms.alice(platform));
    patiently().untilAsserted(() -> assertTold(mark, action));
    patiently().untilAsserted(() -> assertSaid(mark, platform, action));
    assertTold(mark, action);
  }

  @Override
  public void close() {
    agent.close();
    platforms.close();
  }

  static String word(Action action) {
    return action.name().toLowerCase(Locale.ROOT);
  }

  private Map<String, Shown> copies(String mark) {
    return patiently()
        .until(() -> platforms.now(mark), all -> all.size() == FivePlatforms.ALL.size());
  }

  private void assertTold(String mark, Action action) {
    assertThat(agent.told(mark)).as("told").containsExactly(action.verdict());
    assertThat(agent.obeyed(mark, action.verdict())).as("obeyed").isTrue();
  }

  /// On WhatsApp buttons cannot be removed.
  private void assertSaid(String mark, String platform, Action action) {
    var who = (action == Action.APPROVE ? "Approved" : "Denied") + " by alice";
    assertThat(platforms.now(mark))
        .hasSize(FivePlatforms.ALL.size())
        .allSatisfy(
            (where, copy) -> {
              assertThat(copy.text()).as(where).contains(who, "via " + platform + "-" + name);
              assertThat(where.equals(WHATSAPP) || copy.buttons().isEmpty()).as(where).isTrue();
            });
  }

  private static ConditionFactory patiently() {
    return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500));
  }
}
