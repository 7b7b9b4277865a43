package io.approvalhub.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.demo.ExampleAgent.Received;
import io.approvalhub.kit.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static final DemoDecision APPROVED = new DemoDecision("deploy", Choice.APPROVE);
  private static final DemoDecision DENIED = new DemoDecision("drop", Choice.denyBecause("no"));
  private static final JsonNode ROW = row("deploy", "approved", "delivered");

  @Test
  void nothingDiffersWhenAllSayTheSame() {
    assertThat(
            new Report(
                    List.of(APPROVED, DENIED),
                    List.of(
                        received("deploy", "{\"approved\": true}"),
                        received("drop", "{\"approved\": false, \"reason\": \"no\"}")),
                    List.of(ROW, row("drop", "denied", "delivered")),
                    Json.array())
                .differences())
        .isEmpty();
  }

  @Test
  void anAgentThatWasNotToldIsNoticed() {
    assertThat(differences())
        .containsExactly(
            "deploy: the agent should have received [{\"approved\":true}] and received nothing");
  }

  @Test
  void anAgentThatWasToldSomethingElseIsNoticed() {
    assertThat(differences(received("deploy", "{\"approved\": false}"))).hasSize(1);
    assertThat(differences(received("deploy", "{\"approved\": true, \"modified_args\": {}}")))
        .hasSize(1);
  }

  @Test
  void anAgentThatWasToldTwiceIsNoticed() {
    var approval = received("deploy", "{\"approved\": true}");
    assertThat(differences(approval, approval)).hasSize(1);
  }

  @Test
  void anAgentThatWasToldWhatNobodyDecidedIsNoticed() {
    assertThat(
            differences(
                received("deploy", "{\"approved\": true}"),
                received("drop", "{\"approved\": true}")))
        .containsExactly("drop: nobody decided it, and the agent was told");
  }

  @Test
  void aListThatSaysSomethingElseIsNoticed() {
    var report =
        new Report(
            List.of(APPROVED),
            List.of(received("deploy", "{\"approved\": true}")),
            List.of(row("deploy", "approved", "unknown")),
            Json.array());
    assertThat(report.differences())
        .containsExactly("deploy: the hub does not list it as approved and delivered");
  }

  private static List<String> differences(Received... received) {
    return new Report(List.of(APPROVED), List.of(received), List.of(ROW), Json.array())
        .differences();
  }

  private static Received received(String tool, String message) {
    return new Received(tool, json(message));
  }

  private static JsonNode row(String tool, String status, String delivered) {
    return Json.object().put("tool_name", tool).put("status", status).put("delivered", delivered);
  }

  private static JsonNode json(String text) {
    try {
      return Json.parse(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
