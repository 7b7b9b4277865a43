package io.approvalhub.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.kit.Words.Fact;
import io.approvalhub.kit.Words.Timed;
import io.approvalhub.kit.parts.Presentation;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Answer;
import io.approvalhub.plugin.Approval.Call;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Approval.Ending;
import io.approvalhub.plugin.Approval.Offer;
import io.approvalhub.plugin.Approval.Origin;
import io.approvalhub.plugin.Approval.Remarks;
import io.approvalhub.plugin.Approval.State;
import io.approvalhub.plugin.Approval.Status;
import io.approvalhub.plugin.Approval.Tally;
import io.approvalhub.plugin.Hint;
import io.approvalhub.plugin.Outcome;
import io.approvalhub.plugin.Reader;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WordsTest {

  private static final Words WORDS = Words.of(Reader.DEFAULT);
  private static final Instant NOON = Instant.parse("2026-11-21T12:04:00Z");

  @Test
  void theTitleSaysWhatIsToBeDone() {
    assertThat(WORDS.title(approval(Status.PENDING, DeliveryStatus.WAITING, null)))
        .isEqualTo("Approval needed: shell");
    assertThat(WORDS.title(approval(Status.DENIED, DeliveryStatus.WAITING, null)))
        .isEqualTo("Denied: shell");
  }

  @Test
  void theFactsComeInOrderAndWithoutGaps() {
    assertThat(WORDS.facts(approval(Status.PENDING, DeliveryStatus.WAITING, null)))
        .hasToString("{RISK=High risk, says the agent, AGENT=coder, TOOL=shell, SESSION=s1}");
  }

  @Test
  void whatTheToolSaysOfItselfIsWordedAsItsWord() {
    var remarks = new Remarks("", "", List.of(Hint.DESTRUCTIVE, Hint.OPEN_WORLD));
    var call = new Call("shell", "", List.of(), "{}", remarks);

    var facts = WORDS.facts(approval(call));

    assertThat(WORDS.label(Fact.HINTS)).isEqualTo("The tool says of itself");
    assertThat(facts).containsEntry(Fact.HINTS, "may destroy, reaches the outside");
  }

  @Test
  void aTitleStandsBesideTheNameOfTheToolAndNeverInItsPlace() {
    var title = Optional.of("Delete\u200b branch");
    var remarks = new Remarks("", "", List.of());

    assertThat(view("drop").call("coder", remarks, title).headline())
        .isEqualTo("coder wants to use “Delete[U+200B] branch” (drop)");
    assertThat(view("mcp__github__drop").call("coder", remarks, title).headline())
        .isEqualTo("coder wants to use “Delete[U+200B] branch” (drop of github)");
  }

  @Test
  void aTitleDoesNotHideWhatACallIsKnownToDo() {
    var view = new CallView(WORDS, Presentation.NONE, "bash", "{\"command\": \"ls\"}");

    assertThat(view.call("coder", new Remarks("", "", List.of()), Optional.of("Nice")).headline())
        .isEqualTo(view.call("coder", "", "").headline());
  }

  private static CallView view(String tool) {
    return new CallView(WORDS, Presentation.NONE, tool, "{\"name\": \"x\"}");
  }

  @Test
  void itSaysWhereAndWhenItWasDecided() {
    var denied = approval(Status.DENIED, DeliveryStatus.WAITING, null);
    assertThat(WORDS.where(denied).map(where -> WORDS.said(where, NOON)))
        .hasValue("via phone at 12:04 UTC");
    assertThat(WORDS.where(approval(Status.EXPIRED, DeliveryStatus.WAITING, null))).isEmpty();
  }

  @Test
  void theStatusSaysWhoDecidedAndWhatTheAgentMadeOfIt() {
    assertThat(status(Status.APPROVED, DeliveryStatus.WAITING, null))
        .isEqualTo("Approved by Alice");
    assertThat(status(Status.APPROVED, DeliveryStatus.DELIVERED, null))
        .isEqualTo("Approved by Alice · agent resumed");
    assertThat(status(Status.APPROVED, DeliveryStatus.GONE, null))
        .isEqualTo("Approved by Alice, but the agent no longer waits");
    assertThat(status(Status.APPROVED, DeliveryStatus.UNKNOWN, null))
        .isEqualTo("Approved by Alice · the agent may have received it");
    assertThat(status(Status.DENIED, DeliveryStatus.WAITING, "too risky"))
        .isEqualTo("Denied by Alice: too risky");
    assertThat(status(Status.CANCELLED, DeliveryStatus.WAITING, "decided elsewhere"))
        .isEqualTo("Cancelled: decided elsewhere");
    assertThat(status(Status.EXPIRED, DeliveryStatus.WAITING, null))
        .isEqualTo("Expired: nobody decided in time");
  }

  @Test
  void theLateOneIsToldWhoHowAndWhen() {
    assertThat(late(Status.APPROVED)).isEqualTo("Already approved by Alice via phone at 12:04 UTC");
    assertThat(late(Status.EXPIRED)).isEqualTo("Already expired at 12:04 UTC");
    assertThat(late(Status.CANCELLED)).isEqualTo("Already cancelled: by Alice");
  }

  @Test
  void everyOutcomeHasItsAnswer() {
    var approval = approval(Status.APPROVED, DeliveryStatus.WAITING, null);
    assertThat(WORDS.answer(new Outcome.Recorded(approval))).isEmpty();
    assertThat(WORDS.answer(new Outcome.NotAllowed("Not you"))).isEqualTo("Not you");
    assertThat(WORDS.answer(new Outcome.Unknown())).isEqualTo("That request is gone");
  }

  @Test
  void buttonsSayWhatTheyDo() {
    var approval = approval(Status.PENDING, DeliveryStatus.WAITING, null);
    assertThat(Action.values())
        .extracting(action -> WORDS.button(action, approval))
        .containsExactly(
            "Approve", "Approve & remember (this session)", "Deny", "Deny with reason…");
  }

  @Test
  void theSameIsSaidInGermanAndInTheReadersTime() {
    var words = Words.of(new Reader(Locale.GERMAN, ZoneId.of("Europe/Berlin")));
    var approved = approval(Status.APPROVED, DeliveryStatus.DELIVERED, null);
    assertThat(words.status(approved)).isEqualTo("Genehmigt von Alice · der Agent fährt fort");
    assertThat(words.answer(new Outcome.TooLate(approved)))
        .isEqualTo("Schon genehmigt von Alice über phone um 13:04 MEZ");
    assertThat(words.answer(new Outcome.NotAllowed("You may not decide here")))
        .isEqualTo("Du darfst hier nicht entscheiden");
    assertThat(words.button(Action.DENY, approved)).isEqualTo("Ablehnen");
  }

  @Test
  void aLengthOfTimeIsSaidAsPeopleSayIt() {
    assertThat(
            Stream.of(0, 1, 12, 60, 61, 125, 1440, 2940)
                .map(Duration::ofMinutes)
                .map(WORDS::length))
        .containsExactly(
            "less than a minute",
            "1 minute",
            "12 minutes",
            "1 hour",
            "1 hour 1 minute",
            "2 hours 5 minutes",
            "1 day",
            "2 days 1 hour");
  }

  @Test
  void itSaysWhenItExpiresAndWhenLittleIsLeft() {
    var approval = approval(Status.PENDING, DeliveryStatus.WAITING, null, NOON.plusSeconds(720));
    assertThat(said(WORDS.expiry(approval, NOON)))
        .isEqualTo("Expires at 12:16 UTC, 12 minutes after it was asked");
    assertThat(said(WORDS.expiry(approval, NOON.plusSeconds(534)))).startsWith("Expires at ");
    assertThat(said(WORDS.expiry(approval, NOON.plusSeconds(540))))
        .isEqualTo("Little time is left: expires at 12:16 UTC");
    assertThat(WORDS.liveExpiry(approval, NOON))
        .hasValue(new Timed("Expires ", NOON.plusSeconds(720), ""));
    assertThat(WORDS.liveExpiry(approval, NOON.plusSeconds(540)).orElseThrow().before())
        .isEqualTo("Little time is left: expires ");
    assertThat(WORDS.expiry(approval(Status.DENIED, DeliveryStatus.WAITING, null), NOON)).isEmpty();
  }

  @Test
  void littleIsLeftFiveMinutesBeforeTheEndOfALongTime() {
    assertThat(Words.soon(NOON, NOON.plusSeconds(3_600))).isEqualTo(NOON.plusSeconds(3_300));
    assertThat(Words.soon(NOON, NOON.plusSeconds(60))).isEqualTo(NOON.plusSeconds(45));
  }

  @Test
  void aTimeOfAnotherDayHasItsDate() {
    assertThat(WORDS.time(NOON.plusSeconds(100_000), NOON)).isEqualTo("2026-11-22 15:50 UTC");
  }

  @Test
  void theLockScreenSaysTheRiskAndTheGist() {
    var approval =
        approval(
            new CallView(WORDS, Presentation.NONE, "bash", "{\"command\": \"rm -rf /srv/x\\nls\"}")
                .call("coder", "critical", ""));
    assertThat(WORDS.notice(approval))
        .isEqualTo("🔴 Critical risk · coder wants to run a command (bash): rm -rf /srv/x");
  }

  @Test
  void theLockScreenShowsNoSecretAndNoMoreThanFits() {
    var secret =
        "{\"command\": \"curl -H 'Authorization: Bearer abcdefgh12345678'" + "x".repeat(300);
    var approval =
        approval(new CallView(WORDS, Presentation.NONE, "bash", secret + "\"}").call("c", "", ""));
    assertThat(WORDS.notice(approval))
        .hasSizeLessThanOrEqualTo(Words.LONGEST_NOTICE)
        .startsWith("c wants to run a command (bash): curl")
        .doesNotContain("abcdefgh");
  }

  private static String said(Optional<Timed> timed) {
    return WORDS.said(timed.orElseThrow(), NOON);
  }

  private static String status(Status status, DeliveryStatus delivered, @Nullable String reason) {
    return WORDS.status(approval(status, delivered, reason));
  }

  private static String late(Status status) {
    return WORDS.answer(new Outcome.TooLate(approval(status, DeliveryStatus.WAITING, null)));
  }

  private static Approval approval(
      Status status, DeliveryStatus delivered, @Nullable String reason) {
    return approval(status, delivered, reason, NOON);
  }

  private static Approval approval(
      Status status, DeliveryStatus delivered, @Nullable String reason, Instant expiresAt) {
    var decided = new Ending("Alice", "phone", NOON, Optional.ofNullable(reason), Optional.empty());
    return approval(
        new Call(
            "shell",
            "coder wants to call shell",
            List.of(),
            "{}",
            new Remarks("high", " ", List.of())),
        new State(
            1,
            status,
            Optional.of(expiresAt),
            Tally.ONE,
            status == Status.PENDING ? Optional.empty() : Optional.of(decided),
            new Answer(delivered, Optional.empty())));
  }

  private static Approval approval(Call call) {
    return approval(
        call,
        new State(1, Status.PENDING, Optional.empty(), Tally.ONE, Optional.empty(), Answer.NONE));
  }

  private static Approval approval(Call call, State state) {
    return new Approval(
        "01jd2c3d4e5f6g7h8j9k0m1n2p",
        "token",
        new Origin("coder", Optional.empty(), Optional.of("s1"), NOON),
        call,
        state,
        new Offer(List.of(Action.APPROVE), false, Optional.of("this session")));
  }
}
