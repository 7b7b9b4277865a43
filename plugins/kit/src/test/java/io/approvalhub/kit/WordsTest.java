package io.approvalhub.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Answer;
import io.approvalhub.plugin.Approval.Call;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Approval.Ending;
import io.approvalhub.plugin.Approval.Offer;
import io.approvalhub.plugin.Approval.Origin;
import io.approvalhub.plugin.Approval.State;
import io.approvalhub.plugin.Approval.Status;
import io.approvalhub.plugin.Approval.Tally;
import io.approvalhub.plugin.Outcome;
import io.approvalhub.plugin.Reader;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
    assertThat(WORDS.details(approval(Status.PENDING, DeliveryStatus.WAITING, null)))
        .hasToString(
            "{Agent=coder, Tool=shell, Risk=high, Session=s1, Expires=2026-11-21 12:04 UTC}");
  }

  @Test
  void theFactsSayWhereItWasDecided() {
    assertThat(WORDS.details(approval(Status.DENIED, DeliveryStatus.WAITING, null)))
        .containsEntry("Decided", "via phone at 12:04 UTC");
    assertThat(WORDS.details(approval(Status.EXPIRED, DeliveryStatus.WAITING, null)))
        .doesNotContainKey("Decided");
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

  private static String status(Status status, DeliveryStatus delivered, @Nullable String reason) {
    return WORDS.status(approval(status, delivered, reason));
  }

  private static String late(Status status) {
    return WORDS.answer(new Outcome.TooLate(approval(status, DeliveryStatus.WAITING, null)));
  }

  private static Approval approval(
      Status status, DeliveryStatus delivered, @Nullable String reason) {
    var decided = new Ending("Alice", "phone", NOON, Optional.ofNullable(reason), Optional.empty());
    return new Approval(
        "01jd2c3d4e5f6g7h8j9k0m1n2p",
        "token",
        new Origin("coder", Optional.empty(), Optional.of("s1"), NOON),
        new Call("shell", "coder wants to call shell", List.of(), "{}", "high", " "),
        new State(
            1,
            status,
            Optional.of(NOON),
            Tally.ONE,
            status == Status.PENDING ? Optional.empty() : Optional.of(decided),
            new Answer(delivered, Optional.empty())),
        new Offer(List.of(Action.APPROVE), false, Optional.of("this session")));
  }
}
