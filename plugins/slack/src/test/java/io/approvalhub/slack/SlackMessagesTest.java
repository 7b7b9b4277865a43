package io.approvalhub.slack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.Words;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Amendment;
import io.approvalhub.plugin.Approval.Answer;
import io.approvalhub.plugin.Approval.Call;
import io.approvalhub.plugin.Approval.Ending;
import io.approvalhub.plugin.Approval.Offer;
import io.approvalhub.plugin.Approval.Origin;
import io.approvalhub.plugin.Approval.State;
import io.approvalhub.plugin.Approval.Status;
import io.approvalhub.plugin.Approval.Tally;
import io.approvalhub.plugin.Part.Diff;
import io.approvalhub.plugin.Reader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SlackMessagesTest {

  private static final Words WORDS = Words.of(Reader.DEFAULT);
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "\"",
        "/",
        "é",
        "語",
        "👍🏽",
        "\n",
        "<!channel> ",
        "a line of text and its end\n"
      })
  void theLongestCardAndThreadStayWithinWhatSlackTakes(String piece) {
    for (var status : List.of(Status.PENDING, Status.DENIED)) {
      var text = piece.repeat(30_000 / piece.length());
      var messages = new SlackMessages(approval(text, text, status), WORDS);
      assertThat(escaped(messages.card(true))).isLessThan(13_100);
      assertThat(messages.summary().length()).isLessThan(3_000);
      assertThat(messages.thread())
          .allSatisfy(part -> assertThat(escaped(SlackMessages.part(part))).isLessThan(13_100));
    }
  }

  @Test
  void theThreadIsTheTextWithoutALoss() {
    var text = ("👍🏽 line of some length\n" + "x".repeat(700) + "👍🏽").repeat(40);
    var thread = new SlackMessages(approval(text, Status.PENDING), WORDS).thread();
    assertThat(thread).hasSizeGreaterThan(3);
    assertThat(String.join("", thread))
        .endsWith("Reason:\n" + text + "\n\nArguments:\n" + text + "\n");
    assertThat(thread).noneMatch(part -> part.startsWith("🏽") || part.startsWith("\udc4d"));
  }

  @Test
  void thePartsOfAThreadEndWithALine() {
    var thread =
        new SlackMessages(approval("line of text\n".repeat(2_000), Status.PENDING), WORDS).thread();
    assertThat(thread.subList(0, thread.size() - 1)).allMatch(part -> part.endsWith("\n"));
  }

  @Test
  void oneButtonIsGreenAndOneIsRed() {
    var card = new SlackMessages(approval("x", Status.PENDING), WORDS).card(false);
    var buttons = card.get(card.size() - 1).path("elements");
    assertThat(buttons.findValuesAsText("style")).containsExactly("primary", "danger");
    assertThat(buttons.findValuesAsText("value"))
        .containsExactlyElementsOf(
            Stream.of(Action.values()).map(approval("x", Status.PENDING)::button).toList());
  }

  @Test
  void whatAgentsAndPeopleWroteIsNeverMarkup() {
    var card =
        new SlackMessages(approval("*bold* <!channel> :smile:", Status.DENIED), WORDS).card(true);
    assertThat(card.findValuesAsText("type")).doesNotContain("mrkdwn", "markdown");
    assertThat(card.findValuesAsText("emoji")).containsOnly("false");
  }

  @Test
  void editedArgumentsAreShownInsteadOfTheOriginals() {
    var decided = new Ending("Alice", "ops", NOON, Optional.empty(), edit("{\"b\": 2}"));
    var approval = approval("edit", "{\"a\": 1}", Status.APPROVED, decided);
    assertThat(Json.text(new SlackMessages(approval, WORDS).card(true)))
        .contains("{\\\"b\\\": 2}", "Arguments as edited:")
        .doesNotContain("{\\\"a\\\": 1}\"}]}");
  }

  @Test
  void editedArgumentsThatAreCutAreNotSaidToStandInTheThread() {
    var big = ("{\"b\": \"" + "b".repeat(5_000) + "\"}");
    var decided = new Ending("Alice", "ops", NOON, Optional.empty(), edit(big));
    var approval = approval("edit", "{\"a\": 1}", Status.APPROVED, decided);
    assertThat(Json.text(new SlackMessages(approval, WORDS).card(true)))
        .contains("This is too long to be shown in full here.")
        .doesNotContain("in the thread");
  }

  private static int escaped(JsonNode blocks) {
    return Json.text(blocks).chars().map(unit -> unit < 127 ? (unit == '/' ? 2 : 1) : 6).sum();
  }

  private static Approval approval(String text, Status status) {
    return approval("some name", text, status);
  }

  private static Approval approval(String name, String text, Status status) {
    var decided = new Ending(name, name, NOON, Optional.of(text), Optional.empty());
    return approval(name, text, status, decided);
  }

  private static Optional<Amendment> edit(String arguments) {
    return Optional.of(new Amendment(arguments, List.of(), new Diff("", "changes.diff", "")));
  }

  private static Approval approval(String name, String text, Status status, Ending decided) {
    var pending = status == Status.PENDING;
    return new Approval(
        "01jd0000000000000000000000",
        "abcdefghijklmnopqrstuv",
        new Origin(name, Optional.of(name), Optional.of(name), NOON),
        new Call(name, name, List.of(), text, "high", text),
        new State(
            1,
            status,
            Optional.of(NOON),
            Tally.ONE,
            pending ? Optional.empty() : Optional.of(decided),
            Answer.NONE),
        new Offer(pending ? List.of(Action.values()) : List.of(), false, Optional.of(name)));
  }
}
