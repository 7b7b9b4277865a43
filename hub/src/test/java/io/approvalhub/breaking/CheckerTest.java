package io.approvalhub.breaking;

import static io.approvalhub.breaking.Violation.Promise.DECIDED;
import static io.approvalhub.breaking.Violation.Promise.FIRST;
import static io.approvalhub.breaking.Violation.Promise.NOT_POSTED_AGAIN;
import static io.approvalhub.breaking.Violation.Promise.POSTED;
import static io.approvalhub.breaking.Violation.Promise.SHOWN;
import static io.approvalhub.breaking.Violation.Promise.TOLD;
import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.breaking.Evidence.Claim;
import io.approvalhub.breaking.Evidence.Clicked;
import io.approvalhub.breaking.Evidence.Copy;
import io.approvalhub.breaking.Evidence.Seen;
import io.approvalhub.breaking.Evidence.Told;
import io.approvalhub.breaking.Evidence.Writing;
import io.approvalhub.breaking.Job.Source;
import io.approvalhub.breaking.Violation.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The checker finds what is wrong: evidence of a run that went well, spoilt in one place each
/// time.
final class CheckerTest {

  private static final Claim APPROVED =
      new Claim("01", "approved", Optional.of("alice"), "delivered");
  private static final Claim PENDING = new Claim("01", "pending", Optional.empty(), "waiting");
  private static final Copy FINAL = new Copy("Approved by alice · agent resumed", false);
  private static final Copy OPEN = new Copy("coder wants to call job001x", true);
  private static final Writing POST = new Writing(true, true);
  private static final Writing EDIT = new Writing(false, false);
  private static final Told TOLD_ONCE = new Told("1", true, true);
  private static final Optional<String> SILENCE = Optional.of("");
  private static final Clicked CLICK = new Clicked("hook", "alice", true, SILENCE, true);
  private static final Copy CANCELLED_COPY = new Copy("Cancelled: the client has gone", false);
  private static final Told DENIED = new Told("1", false, true);

  @Test
  void aRunThatWentWellKeepsEveryPromise() {
    assertThat(Checker.check(good().evidence())).isEmpty();
    assertThat(Checker.lost(good().evidence())).isZero();
  }

  @Test
  void anApprovalThatTheHubForgot() {
    assertBroken(POSTED, good().claims());
  }

  @Test
  void anApprovalThatTheHubKnowsTwice() {
    assertBroken(POSTED, good().claims(APPROVED, APPROVED));
  }

  @Test
  void anApprovalThatIsNotPosted() {
    assertBroken(POSTED, waiting().seen(new Seen(List.of(), List.of(), false)));
  }

  @Test
  void anApprovalThatIsNotPostedButWasAnAlarm() {
    var given = waiting().seen(new Seen(List.of(), List.of(), false, true));
    assertThat(Checker.check(given.evidence())).isEmpty();
  }

  @Test
  void anApprovalThatIsPostedTwiceForNoReason() {
    assertBroken(
        POSTED, good().seen(new Seen(List.of(FINAL, FINAL), List.of(POST, POST, EDIT), false)));
  }

  @Test
  void anApprovalThatNobodyDecided() {
    assertBroken(DECIDED, good().clicks());
  }

  @Test
  void anApprovalThatWaitsAlthoughSomebodyDecided() {
    assertBroken(DECIDED, waiting().awaited());
  }

  @Test
  void anApprovalThatVanished() {
    assertBroken(DECIDED, good().claims(new Claim("01", "cancelled", Optional.empty(), "gone")));
  }

  @Test
  void anAgentThatWasToldToGoOnAndNobodyApproved() {
    assertBroken(DECIDED, good().clicks(new Clicked("hook", "alice", false, SILENCE, false)));
  }

  @Test
  void anAgentThatWasToldAboutWhatTheHubForgot() {
    assertBroken(TOLD, relayed().claims());
  }

  @Test
  void aStreamThatWentWellKeepsEveryPromise() {
    assertThat(Checker.check(relayed().evidence())).isEmpty();
  }

  @Test
  void anApprovalWhoseClientHasGoneIsCancelledAndDenied() {
    assertThat(Checker.check(cancelled().evidence())).isEmpty();
  }

  @Test
  void anApprovalThatWaitsAndIsRead() {
    assertThat(Checker.check(waiting().relayed().read().evidence())).isEmpty();
  }

  @Test
  void anApprovalThatWaitsAndNobodyReads() {
    assertBroken(DECIDED, waiting().relayed());
  }

  @Test
  void anApprovalThatIsCancelledWhileSomebodyReads() {
    assertBroken(DECIDED, cancelled().told().read());
  }

  @Test
  void aCancelledApprovalThatTheAgentWasToldToGoOnWith() {
    assertBroken(TOLD, cancelled().told(TOLD_ONCE));
  }

  @Test
  void aCancelledApprovalThatTheAgentWasNotToldAbout() {
    assertBroken(TOLD, cancelled().told());
  }

  @Test
  void aCancelledApprovalThatStillShowsItsButtons() {
    assertBroken(SHOWN, cancelled().seen(new Seen(List.of(OPEN), List.of(POST), false)));
  }

  @Test
  void aCancelledApprovalThatIsPostedAgain() {
    var seen = new Seen(List.of(CANCELLED_COPY), List.of(POST, EDIT, POST), true);
    assertBroken(NOT_POSTED_AGAIN, cancelled().seen(seen));
  }

  @Test
  void aRelayedAgentThatIsCalledAgain() {
    assertBroken(TOLD, relayed().told(TOLD_ONCE, new Told("2", true, false)));
  }

  @Test
  void anAgentThatWasToldAndDoesNotGoOn() {
    assertBroken(TOLD, relayed().read());
  }

  @Test
  void aRecordedDecisionThatDoesNotCount() {
    var other = new Clicked("desk", "bob", false, Optional.of(""), true);
    assertBroken(FIRST, good().clicks(other, CLICK));
  }

  @Test
  void twoRecordedDecisions() {
    assertBroken(FIRST, good().clicks(CLICK, CLICK));
  }

  @Test
  void somebodyWhoWasToldOfAnotherDecision() {
    var told = Optional.of("Already denied by bob via desk at 12:04 UTC");
    assertBroken(FIRST, good().clicks(CLICK, new Clicked("phone", "bob", false, told, false)));
  }

  @Test
  void anAgentThatWasNotTold() {
    assertBroken(TOLD, good().told());
  }

  @Test
  void anAgentThatWasToldTwice() {
    assertBroken(TOLD, good().told(TOLD_ONCE, new Told("2", true, true)));
  }

  @Test
  void anAgentThatWasToldTheOtherDecision() {
    assertBroken(TOLD, good().told(new Told("1", false, true)));
  }

  @Test
  void anAgentThatWasToldWhileItWaits() {
    assertBroken(TOLD, waiting().told(TOLD_ONCE));
  }

  @Test
  void anAnswerThatWasNotLostIsNotUnknown() {
    var unknown = new Claim("01", "approved", Optional.of("alice"), "unknown");
    assertBroken(TOLD, good().claims(unknown));
  }

  @Test
  void anAgentThatIsStillToBeTold() {
    assertBroken(TOLD, good().claims(new Claim("01", "approved", Optional.of("alice"), "waiting")));
  }

  @Test
  void aCopyThatStillWaits() {
    assertBroken(SHOWN, good().seen(new Seen(List.of(OPEN), List.of(POST), false)));
  }

  @Test
  void aCopyThatNamesSomebodyElse() {
    var wrong = new Copy("Approved by bob · agent resumed", false);
    assertBroken(SHOWN, good().seen(new Seen(List.of(wrong), List.of(POST, EDIT), false)));
  }

  @Test
  void aCopyThatKeepsItsButtons() {
    var wrong = new Copy(FINAL.text(), true);
    assertBroken(SHOWN, good().seen(new Seen(List.of(wrong), List.of(POST, EDIT), false)));
  }

  @Test
  void aCopyThatDoesNotSayWhatTheAgentMadeOfIt() {
    var wrong = new Copy("Approved by alice", false);
    assertBroken(SHOWN, good().seen(new Seen(List.of(wrong), List.of(POST, EDIT), false)));
  }

  @Test
  void aMessageThatTheHubLostSightOfIsCounted() {
    var given =
        good().channel("phone", new Seen(List.of(OPEN, FINAL), List.of(POST, POST, EDIT), true));
    assertThat(Checker.check(given.evidence())).isEmpty();
    assertThat(Checker.lost(given.evidence())).isEqualTo(1);
  }

  @Test
  void anAgentThatNeverAnswersIsNotToldYet() {
    var claim = new Claim("01", "approved", Optional.of("alice"), "waiting");
    var copy = new Copy("Approved by alice, but the agent is not told yet", false);
    var given =
        new Given(
            Source.UNHEARD,
            true,
            List.of(claim),
            Map.of("hook", new Seen(List.of(copy), List.of(POST, EDIT), false)),
            List.of(),
            List.of(CLICK),
            false);
    assertThat(Checker.check(given.evidence())).isEmpty();
    assertBroken(TOLD, good().claims(claim));
  }

  @Test
  void aPostAfterTheEnd() {
    assertBroken(
        NOT_POSTED_AGAIN, good().seen(new Seen(List.of(FINAL), List.of(POST, EDIT, POST), true)));
  }

  @Test
  void aPostOfWhatHasEnded() {
    assertBroken(
        NOT_POSTED_AGAIN,
        good().seen(new Seen(List.of(FINAL), List.of(new Writing(true, false)), true)));
  }

  private static void assertBroken(Promise promise, Given given) {
    assertThat(Checker.check(given.evidence())).extracting(Violation::promise).contains(promise);
  }

  private static Given good() {
    return new Given(
        Source.CODER,
        true,
        List.of(APPROVED),
        Map.of("hook", new Seen(List.of(FINAL), List.of(POST, EDIT), false)),
        List.of(TOLD_ONCE),
        List.of(CLICK),
        false);
  }

  private static Given relayed() {
    return good().relayed();
  }

  private static Given cancelled() {
    return relayed()
        .claims(new Claim("01", "cancelled", Optional.of("the hub"), "delivered"))
        .seen(new Seen(List.of(CANCELLED_COPY), List.of(POST, EDIT), false))
        .clicks()
        .told(DENIED);
  }

  private static Given waiting() {
    return new Given(
        Source.CODER,
        false,
        List.of(PENDING),
        Map.of("hook", new Seen(List.of(OPEN), List.of(POST), false)),
        List.of(),
        List.of(),
        false);
  }

  private record Given(
      Source source,
      boolean someoneDecides,
      List<Claim> known,
      Map<String, Seen> channels,
      List<Told> tellings,
      List<Clicked> clicked,
      boolean isRead) {

    Given claims(Claim... others) {
      return new Given(
          source, someoneDecides, List.of(others), channels, tellings, clicked, isRead);
    }

    Given seen(Seen other) {
      return channel("hook", other);
    }

    Given channel(String name, Seen other) {
      return new Given(
          source, someoneDecides, known, Map.of(name, other), tellings, clicked, isRead);
    }

    Given told(Told... others) {
      return new Given(source, someoneDecides, known, channels, List.of(others), clicked, isRead);
    }

    Given clicks(Clicked... others) {
      return new Given(source, someoneDecides, known, channels, tellings, List.of(others), isRead);
    }

    Given awaited() {
      return new Given(source, true, known, channels, tellings, clicked, isRead);
    }

    Given relayed() {
      return new Given(Source.RELAYED, someoneDecides, known, channels, tellings, clicked, isRead);
    }

    Given read() {
      return new Given(source, someoneDecides, known, channels, tellings, clicked, true);
    }

    Evidence evidence() {
      var job = new Job("job001x", source, Duration.ZERO, Optional.empty(), someoneDecides);
      return new Evidence(job, true, known, channels, tellings, clicked, isRead, false);
    }
  }
}
