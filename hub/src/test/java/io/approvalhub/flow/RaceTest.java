package io.approvalhub.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.approvalhub.TestHub;
import io.approvalhub.agent.hivegate.FakeHiveGate;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Person;
import io.approvalhub.testkit.FakeWebhookReceiver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RaceTest {

  private static final int DECISIONS = 1000;
  private static final Person ALICE = new Person("1", "Alice");

  @TempDir private Path folder;

  /// Half through the API, half clicks; approvals and denials mixed.
  @Test
  void ofAThousandDecisionsByKeysAndClicksOneCountsAndTheAgentIsToldOnce() throws Exception {
    try (var hivegate = new FakeHiveGate();
        var receiver = new FakeWebhookReceiver();
        var hub = TestHub.start(folder, configuration(hivegate, receiver), false)) {
      hivegate.pause("run-abc:tc-001", "rm", "{}");
      await().until(() -> !receiver.shown().isEmpty());
      var message = receiver.shown().getFirst();
      var id = hub.get("bob", "/v2/approvals").json().get(0).path("job_id").asText();
      var start = new CountDownLatch(1);
      var tries = new ArrayList<Callable<String>>();
      for (var number = 0; number < DECISIONS; number++) {
        var action = number % 4 < 2 ? Action.APPROVE : Action.DENY;
        var path = "/v2/approvals/" + id + (action == Action.APPROVE ? "/approve" : "/deny");
        tries.add(
            number % 2 == 0
                ? () -> receiver.click(message, action, ALICE, Optional.empty())
                : () -> {
                  var reply = hub.post("bob", path, "");
                  return reply.status() == 200 ? "" : reply.detail();
                });
      }

      var answers = new ArrayList<String>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var running =
            tries.stream()
                .map(
                    each ->
                        threads.submit(
                            () -> {
                              start.await();
                              return each.call();
                            }))
                .toList();
        start.countDown();
        for (var answer : running) {
          answers.add(answer.get());
        }
      }

      assertThat(answers.stream().filter(String::isEmpty)).hasSize(1);
      assertThat(answers.stream().filter(answer -> !answer.isEmpty()))
          .hasSize(DECISIONS - 1)
          .allMatch(answer -> answer.matches("Already (approved|denied) by \\w+ via \\w+ at .+"));
      await().until(() -> hub.delivered(id).equals("delivered"));
      assertThat(hivegate.decideCalls()).hasSize(1);
      assertThat(hivegate.decision("run-abc:tc-001").path("approved").booleanValue())
          .isEqualTo(hub.status(id).equals("approved"));
    }
  }

  private static String configuration(FakeHiveGate hivegate, FakeWebhookReceiver receiver) {
    return """
    hub:
      keys:
        bob: {key: bob, role: operator, person: bob}
        eve: {key: eve, role: observer}
    people:
      alice: {webhook: "1"}
      bob: {webhook: "2"}
    agents:
      coder: {type: hivegate, url: "%s", api-key: "%s", poll-interval: 50ms}
    channels:
      hook: {plugin: webhook, approvers: [alice], settings: {url: "%s", secret: "%s", allow-private: true}}
    """
        .formatted(
            hivegate.address(),
            FakeHiveGate.KEY,
            receiver.settings().get("url"),
            receiver.settings().get("secret"));
  }
}
