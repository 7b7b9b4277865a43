package io.approvalhub.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.kit.Fitting.Part;
import io.approvalhub.kit.Fitting.Room;
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
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FittingTest {

  private static final Words WORDS = Words.of(Reader.DEFAULT);
  private static final Instant NOON = Instant.parse("2026-11-21T12:04:00Z");
  private static final Room ROOM = Room.of(60, 100);

  @Test
  void whatFitsIsShownAndMayBeApproved() {
    var fitting = Fitting.of(pending("{\n  \"a\": 1\n}", "why"), WORDS, ROOM);
    assertThat(fitting.whole()).isTrue();
    assertThat(fitting.arguments().shown()).isEqualTo("{\n  \"a\": 1\n}");
    assertThat(fitting.facts()).extracting(Part::label).containsExactly("Agent", "Tool", "Reason");
    assertThat(fitting.cut()).isEmpty();
    assertThat(fitting.note(false, "in the thread")).isEmpty();
    assertThat(fitting.actions(false)).containsExactly(Action.APPROVE, Action.DENY);
  }

  @Test
  void whatIsCutMayBeApprovedOnceItIsAttached() {
    var fitting = Fitting.of(pending("x".repeat(500), "why"), WORDS, ROOM);
    assertThat(fitting.arguments().shown()).hasSize(100).contains("… (cut, ");
    assertThat(fitting.cut()).isEqualTo("Arguments:\n" + "x".repeat(500) + "\n");
    assertThat(fitting.actions(false)).containsExactly(Action.DENY);
    assertThat(fitting.actions(true)).containsExactly(Action.APPROVE, Action.DENY);
    assertThat(fitting.note(false, "in the thread"))
        .hasValue(
            "What is cut will stand in full in the thread. It can be approved once it is there.");
    assertThat(fitting.note(true, "in the thread"))
        .hasValue("What is cut stands in full in the thread.");
  }

  @Test
  void aFactThatIsCutCountsLikeArguments() {
    var fitting = Fitting.of(pending("{}", "r".repeat(61)), WORDS, ROOM);
    assertThat(fitting.whole()).isFalse();
    assertThat(fitting.cut()).isEqualTo("Reason:\n" + "r".repeat(61) + "\n");
    assertThat(fitting.approvable(false)).isFalse();
  }

  @Test
  void whatIsTooLargeToBeAttachedIsNotApprovedHere() {
    var room = ROOM.attachable(text -> text.length() < 200);
    var fitting = Fitting.of(pending("x".repeat(500), "why"), WORDS, room);
    assertThat(fitting.actions(true)).containsExactly(Action.DENY);
    assertThat(fitting.note(true, "in a file"))
        .hasValue("This is too long to be shown in full here, so it cannot be approved here.");
  }

  @Test
  void whatCannotBeShownAsItIsCountsAsCut() {
    var room = ROOM.faithful(text -> !text.contains("```"));
    var fitting = Fitting.of(pending("a ``` b", "why"), WORDS, room);
    assertThat(fitting.arguments().shown()).isEqualTo("a ``` b");
    assertThat(fitting.approvable(false)).isFalse();
    assertThat(fitting.cut()).contains("a ``` b");
  }

  @Test
  void lengthsAreThePlatformsOwn() {
    var room = ROOM.length(text -> Text.discord(text).length());
    var fitting = Fitting.of(pending("*".repeat(80), "why"), WORDS, room);
    assertThat(fitting.whole()).isFalse();
    assertThat(Text.discord(fitting.arguments().shown()).length()).isBetween(95, 100);
  }

  @Test
  void theArgumentsHaveTheRoomThatTheFactsLeave() {
    var room =
        ROOM.arguments(facts -> 100 - facts.stream().mapToInt(f -> f.shown().length()).sum());
    var fitting = Fitting.of(pending("x".repeat(500), "why"), WORDS, room);
    assertThat(fitting.arguments().shown()).hasSize(100 - "codershellwhy".length());
  }

  @Test
  void theFactsMayBeThePlatformsOwn() {
    var fitting = Fitting.of(pending("{}", "why"), WORDS, Map.of("Covers", "c".repeat(99)), ROOM);
    assertThat(fitting.facts()).extracting(Part::label).containsExactly("Covers");
    assertThat(fitting.whole()).isFalse();
  }

  @Test
  void editedArgumentsAreShownInPlaceOfTheOthers() {
    var edited = new Ending("Alice", "phone", NOON, Optional.empty(), edit("{}"));
    var fitting = Fitting.of(approval("x".repeat(500), "why", Optional.of(edited)), WORDS, ROOM);
    assertThat(fitting.arguments().text()).isEqualTo("{}");
    assertThat(fitting.whole()).isTrue();
  }

  @Test
  void whatWasEditedIsNotSaidToBeAttachedWhereItIsNot() {
    var big = "x".repeat(500);
    var edited = new Ending("Alice", "phone", NOON, Optional.empty(), edit(big));
    var fitting = Fitting.of(approval("{}", "why", Optional.of(edited)), WORDS, ROOM);
    assertThat(fitting.edited()).isTrue();
    assertThat(fitting.note(false, "in the thread"))
        .hasValue("This is too long to be shown in full here.");
    assertThat(fitting.note(true, "in what is attached"))
        .hasValue("What is cut stands in full in what is attached.");
  }

  @Test
  void theArgumentsMayBeWrittenOtherwise() {
    var fitting = Fitting.of(pending("{\n}", "why"), WORDS, Map.of("Tool", "shell"), "{ }", ROOM);
    assertThat(fitting.arguments().shown()).isEqualTo("{ }");
    assertThat(fitting.whole()).isTrue();
  }

  @Test
  void theWholeRequestCanBeAFile() {
    assertThat(Fitting.of(pending("{}", "r".repeat(70)), WORDS, ROOM).request())
        .isEqualTo(
            "Approval needed: shell\n\nAgent: coder\nTool: shell\nReason: "
                + "r".repeat(70)
                + "\n\nArguments:\n{}\n");
  }

  @Test
  void noRoomAtAllIsNotOverrun() {
    assertThat(Fitting.cut("abc", 0, String::length)).isEmpty();
    assertThat(Fitting.cut("abc", -5, String::length)).isEmpty();
    assertThat(Fitting.cut("", 0, String::length)).isEmpty();
  }

  private static Optional<Amendment> edit(String arguments) {
    var changes = new Diff("", "changes.diff", "");
    return Optional.of(new Amendment(arguments, List.of(), changes));
  }

  private static Approval pending(String arguments, String reason) {
    return approval(arguments, reason, Optional.empty());
  }

  private static Approval approval(String arguments, String reason, Optional<Ending> ending) {
    var status = ending.isEmpty() ? Status.PENDING : Status.APPROVED;
    return new Approval(
        "01jd2c3d4e5f6g7h8j9k0m1n2p",
        "token",
        new Origin("coder", Optional.empty(), Optional.empty(), NOON),
        new Call("shell", "", List.of(), arguments, "", reason),
        new State(1, status, Optional.empty(), Tally.ONE, ending, Answer.NONE),
        new Offer(List.of(Action.APPROVE, Action.DENY), false, Optional.empty()));
  }
}
