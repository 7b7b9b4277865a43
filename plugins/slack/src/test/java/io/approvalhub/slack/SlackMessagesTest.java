package io.approvalhub.slack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.CallView;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.Words;
import io.approvalhub.kit.parts.Presentation;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Answer;
import io.approvalhub.plugin.Approval.Call;
import io.approvalhub.plugin.Approval.Ending;
import io.approvalhub.plugin.Approval.Offer;
import io.approvalhub.plugin.Approval.Origin;
import io.approvalhub.plugin.Approval.State;
import io.approvalhub.plugin.Approval.Status;
import io.approvalhub.plugin.Approval.Tally;
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
      var messages = messages(approval(text, text, status));
      assertThat(escaped(messages.card(true))).isLessThan(13_100);
      assertThat(messages.summary().length()).isLessThan(3_000);
      assertThat(messages.thread())
          .allSatisfy(post -> assertThat(escaped(post.blocks())).isLessThan(13_100));
    }
  }

  @Test
  void manyPartsStayWithinWhatSlackTakes() {
    var arguments = Json.object();
    for (var part = 0; part < 40; part++) {
      arguments.put("a_name_of_some_length_" + part, part % 2 == 0 ? "line\n".repeat(60) : "short");
    }
    var call = view("shell", arguments).call("coder", "high", "r".repeat(3_000));
    var messages = messages(approval(call, Status.PENDING, Optional.empty()));
    assertThat(escaped(messages.card(true))).isLessThan(13_100);
    assertThat(messages.card(false).size()).isLessThan(50);
  }

  @Test
  void theThreadIsTheTextWithoutALoss() {
    var text = ("👍🏽 line of some length\n" + "x".repeat(700) + "👍🏽").repeat(40);
    var thread = thread(approval(text, Status.PENDING));
    assertThat(thread).hasSizeGreaterThan(3);
    assertThat(String.join("", thread)).contains("Reason given: " + text).endsWith(text);
    assertThat(thread).noneMatch(part -> part.startsWith("🏽") || part.startsWith("\udc4d"));
  }

  @Test
  void thePartsOfAThreadEndWithALine() {
    var text = "line of text\n".repeat(2_000);
    var call = view("shell", Json.object().put("text", text)).call("coder", "high", "");
    var thread = thread(approval(call, Status.PENDING, Optional.empty()));
    assertThat(thread.subList(0, thread.size() - 1)).allMatch(part -> part.endsWith("\n"));
  }

  @Test
  void thePostsOfAThreadSayWhatTheyBelongTo() {
    var text = "print(1)\n".repeat(2_000);
    var call = view("run", Json.object().put("code", text)).call("coder", "high", "");
    var posts = messages(approval(call, Status.PENDING, Optional.empty())).thread();
    assertThat(posts.getFirst().summary()).isEqualTo("code.py · 1 of " + posts.size() + " · code");
  }

  @Test
  void oneButtonIsGreenAndOneIsRed() {
    var card = messages(approval("x", Status.PENDING)).card(false);
    var buttons = card.get(card.size() - 1).path("elements");
    assertThat(buttons.findValuesAsText("style")).containsExactly("primary", "danger");
    assertThat(buttons.findValuesAsText("value"))
        .containsExactlyElementsOf(
            Stream.of(Action.values()).map(approval("x", Status.PENDING)::button).toList());
  }

  @Test
  void whatAgentsAndPeopleWroteIsNeverMarkup() {
    var card = messages(approval("*bold* <!channel> :smile:", Status.DENIED)).card(true);
    assertThat(card.findValuesAsText("type")).doesNotContain("mrkdwn", "markdown");
    assertThat(card.findValuesAsText("emoji")).containsOnly("false");
  }

  @Test
  void whatAPersonEditedIsShownAsWhatWasChanged() {
    var approval = edited(Json.object().put("a", 1), Json.object().put("a", 2));
    assertThat(Json.text(messages(approval).card(true)))
        .contains("What was changed", "-a: 1\\n+a: 2", "Approved by Alice with edited arguments");
  }

  @Test
  void changesThatAreCutAreNotSaidToStandInTheThread() {
    var approval = edited(Json.object().put("a", 1), Json.object().put("a", "b\n".repeat(5_000)));
    assertThat(Json.text(messages(approval).card(true)))
        .contains("Only a part of it is shown here.")
        .doesNotContain("in the thread");
  }

  @Test
  void timesAreThoseOfTheReader() {
    var card = messages(approval("x", Status.DENIED)).card(true);
    var date = card.findParents("timestamp");
    assertThat(date).hasSize(1);
    assertThat(date.getFirst().path("timestamp").asLong()).isEqualTo(NOON.getEpochSecond());
    assertThat(date.getFirst().path("fallback").asText()).isEqualTo("12:00 UTC");
  }

  @Test
  void aDecidedCardIsShort() {
    var text = "line of text\n".repeat(400);
    assertThat(code(approval("name", text, Status.PENDING))).hasSizeGreaterThan(3_000);
    assertThat(code(approval("name", text, Status.DENIED))).hasSizeLessThan(350).contains("lines");
  }

  private static String code(Approval approval) {
    return messages(approval)
        .card(true)
        .valueStream()
        .flatMap(block -> block.path("elements").valueStream())
        .filter(node -> node.path("type").asText().equals("rich_text_preformatted"))
        .map(node -> node.at("/elements/0/text").asText())
        .findFirst()
        .orElseThrow();
  }

  private static SlackMessages messages(Approval approval) {
    return new SlackMessages(approval, WORDS, NOON);
  }

  private static List<String> thread(Approval approval) {
    return messages(approval).thread().stream()
        .map(post -> post.blocks().at("/0/elements/1/elements/0/text").asText())
        .toList();
  }

  private static int escaped(JsonNode blocks) {
    return Json.text(blocks).chars().map(unit -> unit < 127 ? (unit == '/' ? 2 : 1) : 6).sum();
  }

  private static Approval approval(String text, Status status) {
    return approval("some name", text, status);
  }

  private static Approval approval(String name, String text, Status status) {
    var decided = new Ending(name, "ops", NOON, Optional.of(text), Optional.empty());
    var call = view(name, Json.object().put("text", text)).call(name, "high", text);
    return approval(call, status, Optional.of(decided));
  }

  private static Approval edited(ObjectNode before, ObjectNode after) {
    var view = view("shell", before);
    var amendment = Optional.of(view.amendment(Json.text(after)));
    var ending = new Ending("Alice", "ops", NOON, Optional.empty(), amendment);
    return approval(view.call("coder", "high", ""), Status.APPROVED, Optional.of(ending));
  }

  private static CallView view(String tool, ObjectNode arguments) {
    return new CallView(WORDS, Presentation.NONE, tool, Json.text(arguments));
  }

  private static Approval approval(Call call, Status status, Optional<Ending> decided) {
    var pending = status == Status.PENDING;
    var name = call.tool();
    return new Approval(
        "01jd0000000000000000000000",
        "abcdefghijklmnopqrstuv",
        new Origin(name, Optional.of(name), Optional.of(name), NOON),
        call,
        new State(
            1, status, Optional.of(NOON), Tally.ONE, decided.filter(_ -> !pending), Answer.NONE),
        new Offer(pending ? List.of(Action.values()) : List.of(), false, Optional.of(name)));
  }
}
