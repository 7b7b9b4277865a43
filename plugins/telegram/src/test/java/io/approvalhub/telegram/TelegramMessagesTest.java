package io.approvalhub.telegram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.kit.Words;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Amendment;
import io.approvalhub.plugin.Approval.Answer;
import io.approvalhub.plugin.Approval.Call;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Approval.Ending;
import io.approvalhub.plugin.Approval.Offer;
import io.approvalhub.plugin.Approval.Origin;
import io.approvalhub.plugin.Approval.State;
import io.approvalhub.plugin.Approval.Status;
import io.approvalhub.plugin.Approval.Tally;
import io.approvalhub.plugin.Part.Diff;
import io.approvalhub.plugin.Person;
import io.approvalhub.plugin.Reader;
import java.time.Instant;
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
      var decided = new Ending(big, "ops", NOON, Optional.of(big), edit(big));
      for (var approval :
          List.of(
              approval(big, Status.PENDING, Optional.empty()),
              approval(big, Status.APPROVED, Optional.of(decided)))) {
        var message = new TelegramMessages(approval, WORDS).message();
        assertThat(message.plain().length()).isLessThan(4_096);
        assertThat(message.html().getBytes(UTF_8).length).isLessThan(1 << 15);
        assertThat(new TelegramMessages(approval, WORDS).caption().plain().length())
            .isLessThan(1_024);
      }
    }
  }

  @Test
  void theFileHoldsWhatTheMessageCuts() {
    var longReason = approval("short", Status.PENDING, Optional.empty(), "r".repeat(501), "{}");
    assertThat(new TelegramMessages(longReason, WORDS).file().orElseThrow())
        .contains("r".repeat(501));
    var longTool = approval("t".repeat(121), Status.PENDING, Optional.empty(), "", "{}");
    assertThat(new TelegramMessages(longTool, WORDS).file().orElseThrow())
        .contains("t".repeat(121));
    var arguments = "{\"a\": \"" + "b".repeat(2_000) + "\"}";
    var longArguments = approval("short", Status.PENDING, Optional.empty(), "", arguments);
    assertThat(new TelegramMessages(longArguments, WORDS).file().orElseThrow()).contains(arguments);
    assertThat(new TelegramMessages(longArguments, WORDS).message().plain())
        .contains("in the file above");
  }

  @Test
  void aMessageThatHoldsEverythingNeedsNoFile() {
    var approval = approval("short", Status.PENDING, Optional.empty(), "why", "{\"a\": 1}");
    assertThat(new TelegramMessages(approval, WORDS).file()).isEmpty();
    assertThat(new TelegramMessages(approval, WORDS).message().plain())
        .contains(approval.id(), "{\"a\": 1}")
        .doesNotContain("file");
  }

  @Test
  void editedArgumentsAreShownBesideTheOriginals() {
    var decided = new Ending("Alice", "api", NOON, Optional.empty(), edit("{\"a\": 2}"));
    var approval = approval("short", Status.APPROVED, Optional.of(decided), "why", "{\"a\": 1}");
    assertThat(new TelegramMessages(approval, WORDS).message().plain())
        .contains("Approved by Alice with edited arguments", "{\"a\": 1}", "{\"a\": 2}")
        .doesNotContain("file");
  }

  @Test
  void wordsOfOthersAreCode() {
    var hostile = "call @alice at evil.example /now";
    var approval = approval(hostile, Status.PENDING, Optional.empty(), hostile, "{}");
    assertThat(new TelegramMessages(approval, WORDS).message().html())
        .startsWith("<code>Approval needed: " + hostile + "</code>")
        .contains("<b>Reason</b>: <code>" + hostile + "</code>");
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
    var rows =
        new TelegramMessages(approval("short", Status.PENDING, Optional.empty()), WORDS)
            .buttons()
            .orElseThrow()
            .getKeyboard();
    assertThat(rows).hasSize(2);
    assertThat(rows.getFirst()).hasSize(2);
    assertThat(rows.getFirst().getLast().getText()).isEqualTo("Approve & remember (this session)");
    assertThat(rows.getLast().getLast().getCallbackData()).startsWith("ah:r:");
    assertThat(
            new TelegramMessages(approval("x", Status.EXPIRED, Optional.empty()), WORDS).buttons())
        .isEmpty();
  }

  private static Optional<Amendment> edit(String arguments) {
    return Optional.of(new Amendment(arguments, List.of(), new Diff("", "changes.diff", "")));
  }

  private static Approval approval(String text, Status status, Optional<Ending> decided) {
    return approval(text, status, decided, text, text);
  }

  private static Approval approval(
      String text, Status status, Optional<Ending> decided, String reason, String arguments) {
    return new Approval(
        "01k7updav0ll9u0272jr9bkiaf",
        "t".repeat(22),
        new Origin(text, Optional.of(text), Optional.of(text), NOON),
        new Call(text, text, List.of(), arguments, text, reason),
        new State(
            1,
            status,
            Optional.of(NOON),
            Tally.ONE,
            decided,
            new Answer(DeliveryStatus.DELIVERED, Optional.empty())),
        new Offer(
            status == Status.PENDING ? List.of(Action.values()) : List.of(),
            false,
            Optional.of("this session")));
  }
}
