package io.approvalhub.telegram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.CallView;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.Words;
import io.approvalhub.kit.parts.Fitting.Attachment;
import io.approvalhub.kit.parts.Presentation;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Answer;
import io.approvalhub.plugin.Approval.Ballot;
import io.approvalhub.plugin.Approval.Call;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Approval.Ending;
import io.approvalhub.plugin.Approval.Offer;
import io.approvalhub.plugin.Approval.Origin;
import io.approvalhub.plugin.Approval.State;
import io.approvalhub.plugin.Approval.Status;
import io.approvalhub.plugin.Approval.Tally;
import io.approvalhub.plugin.Person;
import io.approvalhub.plugin.Reader;
import io.approvalhub.plugin.Verdict;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TelegramMessagesTest {

  private static final Words WORDS = Words.of(Reader.DEFAULT);
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  @Test
  void theLongestMessageFits() {
    for (var letter : List.of("x", "&", "'", "界", "👍🏽")) {
      var big = letter.repeat(10_000);
      var view = view(big, Json.object().put("text", big));
      var edit = Optional.of(view.amendment(Json.text(Json.object().put("text", big + "x"))));
      for (var ending :
          List.of(
              Optional.<Ending>empty(),
              Optional.of(new Ending(big, "ops", NOON, Optional.of(big), Optional.empty())),
              Optional.of(new Ending(big, "ops", NOON, Optional.of(big), edit)))) {
        var messages = messages(approval(view.call(big, big, big), ending));
        assertThat(messages.message().plain().length()).isLessThan(4_096);
        assertThat(messages.message().html().getBytes(UTF_8).length).isLessThan(1 << 15);
        assertThat(messages.caption().plain().length()).isLessThan(1_024);
      }
    }
  }

  @Test
  void whatFitWhenItWasPostedStillFitsWhenItWasVotedOn() {
    for (var length = 1_000; length < 2_600; length += 10) {
      var call = view("shell", Json.object().put("a", "b\n".repeat(length / 2))).call("c", "", "");
      var posted = messages(approval(call, Optional.empty()));
      var ballots =
          Collections.nCopies(
              9, new Ballot("Alice", "ops", NOON, Verdict.APPROVE, Optional.of("r".repeat(99))));
      var voted =
          new TelegramMessages(
              approval(call, Optional.empty(), new Tally(10, ballots)), WORDS, NOON);
      assertThat(voted.file().isPresent()).isEqualTo(posted.file().isPresent());
      assertThat(voted.message().plain().length()).isLessThan(4_096);
    }
  }

  @Test
  void theFileHoldsWhatTheMessageCuts() {
    assertThat(file("short", "r".repeat(501), "{}")).contains("r".repeat(501));
    assertThat(file("t".repeat(121), "", "{}")).contains("t".repeat(121));
    assertThat(file("short", "", "b".repeat(3_000))).isEqualTo("b".repeat(3_000));
    assertThat(messages(pending("short", "", "b".repeat(3_000))).message().plain())
        .contains("in the file above");
  }

  @Test
  void theFileIsNamedAfterWhatItHolds() {
    var call = view("run", Json.object().put("code", "import os\n".repeat(500))).call("c", "", "");
    assertThat(messages(approval(call, Optional.empty())).file())
        .map(Attachment::name)
        .hasValue("code.py");
  }

  @Test
  void aMessageThatHoldsEverythingNeedsNoFile() {
    var approval = pending("short", "why", "all of it");
    assertThat(messages(approval).file()).isEmpty();
    assertThat(messages(approval).message().plain())
        .contains(approval.id(), "text: all of it")
        .doesNotContain("file");
  }

  @Test
  void aProgramIsHighlighted() {
    var call =
        view("run", Json.object().put("code", "import os\nos.remove('x')")).call("c", "", "");
    assertThat(messages(approval(call, Optional.empty())).message().html())
        .contains(
            "<b>code</b>\n<pre><code class=\"language-python\">import os\n"
                + "os.remove(&#39;x&#39;)</code></pre>");
  }

  @Test
  void whatIsOverIsFolded() {
    var ending = new Ending("Alice", "ops", NOON, Optional.empty(), Optional.empty());
    var call = view("run", Json.object().put("code", "import os\nx = 1")).call("c", "high", "why");
    var html = messages(approval(call, Optional.of(ending))).message().html();
    assertThat(html)
        .startsWith("<b>Approved by Alice · agent resumed</b> · via ops at <tg-time unix=\"")
        .contains(
            "<blockquote expandable><b>code</b>\n<code>import os\nx = 1</code>\n</blockquote>")
        .doesNotContain("why", "High risk");
  }

  @Test
  void whatAPersonEditedIsShownAsWhatWasChanged() {
    var view = view("short", Json.object().put("a", 1));
    var edit = Optional.of(view.amendment("{\"a\": 2}"));
    var ending = new Ending("Alice", "api", NOON, Optional.empty(), edit);
    var approval = approval(view.call("coder", "", "why"), Optional.of(ending));
    assertThat(messages(approval).message().plain())
        .contains("Approved by Alice with edited arguments", "-a: 1\n+a: 2")
        .doesNotContain("file");
  }

  @Test
  void wordsOfOthersAreCode() {
    var hostile = "call @alice at evil.example /now";
    var approval = pending(hostile, hostile, hostile);
    assertThat(messages(approval).message().html())
        .startsWith("🟠 <code>coder wants to call " + hostile + "</code>")
        .contains("<b>Reason given</b>: <code>" + hostile + "</code>");
    assertThat(TelegramMessages.answer("Already approved by Alice via ops at 12:00 UTC").html())
        .startsWith("<b>");
    assertThat(TelegramMessages.answer("You may not decide here.").html()).startsWith("<b>");
    assertThat(TelegramMessages.answer("See evil.example").html()).startsWith("<code>");
    assertThat(TelegramMessages.answer("Already approved by @alice").html()).startsWith("<code>");
    assertThat(TelegramMessages.question(WORDS, new Person("42", "<b>@x"), "token").html())
        .startsWith("<a href=\"tg://user?id=42\">&lt;b&gt;@x</a>, why");
  }

  @Test
  void thereIsOneRowOfButtonsForEachVerdict() {
    var rows = messages(pending("short", "", "x")).buttons().orElseThrow().getKeyboard();
    assertThat(rows).hasSize(2);
    assertThat(rows.getFirst()).hasSize(2);
    assertThat(rows.getFirst().getLast().getText()).isEqualTo("Approve & remember (this session)");
    assertThat(rows.getLast().getLast().getCallbackData()).startsWith("ah:r:");
    var ending = new Ending("Alice", "api", NOON, Optional.empty(), Optional.empty());
    var over = view("short", Json.object()).call("coder", "", "");
    assertThat(messages(approval(over, Optional.of(ending))).buttons()).isEmpty();
  }

  private static String file(String tool, String reason, String text) {
    return messages(pending(tool, reason, text)).file().orElseThrow().text();
  }

  private static TelegramMessages messages(Approval approval) {
    return new TelegramMessages(approval, WORDS, NOON);
  }

  private static Approval pending(String tool, String reason, String text) {
    var call = view(tool, Json.object().put("text", text)).call("coder", "high", reason);
    return approval(call, Optional.empty());
  }

  private static CallView view(String tool, ObjectNode arguments) {
    return new CallView(WORDS, Presentation.NONE, tool, Json.text(arguments));
  }

  private static Approval approval(Call call, Optional<Ending> decided) {
    return approval(call, decided, Tally.ONE);
  }

  private static Approval approval(Call call, Optional<Ending> decided, Tally tally) {
    var pending = decided.isEmpty();
    return new Approval(
        "01k7updav0ll9u0272jr9bkiaf",
        "t".repeat(22),
        new Origin(call.tool(), Optional.of(call.tool()), Optional.of(call.tool()), NOON),
        call,
        new State(
            1,
            pending ? Status.PENDING : Status.APPROVED,
            Optional.of(NOON),
            tally,
            decided,
            new Answer(DeliveryStatus.DELIVERED, Optional.empty())),
        new Offer(
            pending ? List.of(Action.values()) : List.of(), false, Optional.of("this session")));
  }
}
