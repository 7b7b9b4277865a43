package io.approvalhub.kit.parts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.Text;
import io.approvalhub.kit.Words;
import io.approvalhub.kit.Words.Fact;
import io.approvalhub.kit.parts.Fitting.Attachment;
import io.approvalhub.kit.parts.Fitting.Line;
import io.approvalhub.kit.parts.Fitting.Room;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Part;
import io.approvalhub.plugin.Reader;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FittingTest {

  private static final Words WORDS = Words.of(Reader.DEFAULT);
  private static final Room ROOM = Room.of(60, 200);
  private static final String PROGRAM =
      IntStream.rangeClosed(1, 100)
          .mapToObj(line -> "print(" + line + ")\n")
          .collect(Collectors.joining());

  @Test
  void whatFitsIsShownAndMayBeApproved() {
    var fitting = fitted(Approvals.pending("shell", "{\"a\": 1}", "why"));
    assertThat(fitting.whole()).isTrue();
    assertThat(fitting.pieces())
        .singleElement()
        .satisfies(piece -> assertThat(piece.shown().text()).isEqualTo("a: 1"));
    assertThat(fitting.loud()).extracting(Line::fact).containsExactly(Fact.RISK, Fact.REASON);
    assertThat(fitting.quiet()).extracting(Line::fact).containsExactly(Fact.AGENT, Fact.TOOL);
    assertThat(fitting.attachments()).isEmpty();
    assertThat(fitting.note(WORDS, false, "in the thread")).isEmpty();
    assertThat(fitting.file(WORDS)).isEmpty();
    assertThat(fitting.actions(false)).containsExactly(Action.APPROVE, Action.DENY);
  }

  @Test
  void whatIsCutMayBeApprovedOnceItIsAttached() {
    var fitting = fitted(program());
    assertThat(fitting.actions(false)).containsExactly(Action.DENY);
    assertThat(fitting.actions(true)).containsExactly(Action.APPROVE, Action.DENY);
    assertThat(fitting.note(WORDS, false, "in the thread"))
        .hasValue(
            "What is cut will stand in full in the thread. It can be approved once it is there.");
    assertThat(fitting.note(WORDS, true, "in the thread"))
        .hasValue("What is cut stands in full in the thread.");
  }

  @Test
  void whatIsCutKeepsItsBeginningAndItsEndByWholeLines() {
    var shown = fitted(program()).pieces().getFirst().shown();
    assertThat(shown).isInstanceOf(Part.Code.class);
    assertThat(shown.text())
        .startsWith("print(1)\nprint(2)\n")
        .endsWith("print(99)\nprint(100)\n")
        .containsPattern("\\)\n\\[… \\d+ more lines …]\nprint");
  }

  @Test
  void whatIsCutIsAttachedUnderItsName() {
    assertThat(fitted(program()).attachments())
        .containsExactly(new Attachment("code.py", "code", PROGRAM));
    assertThat(fitted(program()).file(WORDS)).hasValue(new Attachment("code.py", "code", PROGRAM));
  }

  @Test
  void whatIsShortStandsInFullBesideWhatIsLong() {
    var arguments = Json.object().put("path", "/srv/x.py").put("content", PROGRAM);
    var fitting = fitted(Approvals.pending("write_file", Json.text(arguments), ""));
    assertThat(fitting.pieces().getFirst().shown().text()).isEqualTo("path: /srv/x.py");
    assertThat(fitting.pieces().getFirst().whole()).isTrue();
    assertThat(fitting.attachments()).extracting(Attachment::name).containsExactly("x.py");
  }

  @Test
  void filesOfOneNameAreToldApart() {
    var arguments = Json.object();
    for (var name : Map.of("a", PROGRAM, "b", PROGRAM).keySet()) {
      arguments.set(name, Json.object().put("path", "x.py").put("content", PROGRAM));
    }
    assertThat(fitted(Approvals.pending("shell", Json.text(arguments), "")).attachments())
        .extracting(Attachment::name)
        .doesNotHaveDuplicates();
  }

  @Test
  void whatDoesNotFitAtAllIsCounted() {
    var arguments = Json.object();
    for (var part = 0; part < 9; part++) {
      arguments.put("text" + part, "line\n".repeat(30));
    }
    var fitting = fitted(Approvals.pending("shell", Json.text(arguments), ""));
    assertThat(fitting.missing()).isPositive();
    assertThat(fitting.pieces()).hasSize(9 - fitting.missing());
    assertThat(fitting.attachments()).hasSize(9);
    assertThat(fitting.note(WORDS, true, "in the thread"))
        .hasValue(
            "… " + fitting.missing() + " more parts. What is cut stands in full in the thread.");
    assertThat(fitting.file(WORDS).orElseThrow().text()).contains("text0:\nline", "text8:\nline");
  }

  @Test
  void aFactThatIsCutCountsLikeAPart() {
    var fitting = fitted(Approvals.pending("shell", "{}", "r".repeat(61)));
    assertThat(fitting.whole()).isFalse();
    assertThat(fitting.attachments())
        .containsExactly(
            new Attachment(
                "details.txt",
                "",
                "High risk, says the agent\nReason given: "
                    + "r".repeat(61)
                    + "\nAgent: coder\nTool: shell\n"));
    assertThat(fitting.approvable(false)).isFalse();
  }

  @Test
  void whatIsTooLargeToBeAttachedIsNotApprovedHere() {
    var room = ROOM.attachable(files -> files.getFirst().text().length() < 200);
    var fitting = Fitting.of(program(), WORDS, room);
    assertThat(fitting.actions(true)).containsExactly(Action.DENY);
    assertThat(fitting.note(WORDS, true, "in a file"))
        .hasValue("This is too long to be shown in full here, so it cannot be approved here.");
  }

  @Test
  void whatCannotBeShownAsItIsCountsAsCut() {
    var room = ROOM.faithful(part -> !part.text().contains("```"));
    var fitting = Fitting.of(Approvals.pending("shell", "{\"a\": \"``` b\"}", ""), WORDS, room);
    assertThat(fitting.pieces().getFirst().shown().text()).isEqualTo("a: ``` b");
    assertThat(fitting.approvable(false)).isFalse();
    assertThat(fitting.attachments().getFirst().text()).contains("``` b");
  }

  @Test
  void lengthsAreThePlatformsOwn() {
    var room = ROOM.size(part -> Text.discord(part.text()).length());
    var stars = "{\"a\": \"" + "*\\n".repeat(90) + "\"}";
    var fitting = Fitting.of(Approvals.pending("shell", stars, ""), WORDS, room);
    assertThat(fitting.whole()).isFalse();
    assertThat(Text.discord(fitting.pieces().getFirst().shown().text()).length())
        .isBetween(150, 200);
  }

  @Test
  void thePartsHaveTheRoomThatTheFactsLeave() {
    var room =
        ROOM.parts(facts -> 200 - facts.stream().mapToInt(line -> line.shown().length()).sum())
            .size(part -> part.text().length());
    var shown = Fitting.of(program(), WORDS, room).pieces().getFirst().shown();
    assertThat(shown.text().length())
        .isBetween(140, 200 - "High risk, says the agent".length() - "coderrun".length());
  }

  @Test
  void ofATableAsManyRowsAreShownAsFit() {
    var arguments = Json.object();
    for (var row = 0; row < 30; row++) {
      arguments.put("name" + row, row);
    }
    var fitting = fitted(Approvals.pending("shell", Json.text(arguments), ""));
    assertThat(fitting.pieces().getFirst().shown().text())
        .startsWith("name0: 0\nname1: 1\n")
        .containsPattern("\n…: \\d+ more values$");
    assertThat(fitting.attachments()).extracting(Attachment::name).containsExactly("arguments.txt");
  }

  @Test
  void whatWasEditedIsShownAsWhatWasChanged() {
    var fitting = fitted(Approvals.edited("shell", "{\"a\": 1}", "{\"a\": 2}"));
    assertThat(fitting.isEdited()).isTrue();
    assertThat(fitting.pieces())
        .singleElement()
        .satisfies(piece -> assertThat(piece.shown().text()).isEqualTo("-a: 1\n+a: 2"));
  }

  @Test
  void whatIsOverTakesLessRoomAndKeepsWhatWasAttached() {
    var over = Approvals.approved("run", "{\"code\": " + Json.text(text()) + "}", "");
    var fitting = fitted(over).folded(WORDS, Room.of(60, 80));
    assertThat(fitting.pieces().getFirst().shown().text()).hasSizeLessThan(80);
    assertThat(fitting.attachments()).isEqualTo(fitted(over).attachments()).hasSize(1);
    assertThat(fitting.note(WORDS, true, "in the thread"))
        .hasValue("What is cut stands in full in the thread.");
    assertThat(fitting.note(WORDS, false, "in the thread"))
        .hasValue("Only a part of it is shown here.");
  }

  @Test
  void whatIsFoldedThoughItWouldHaveFitSaysSo() {
    var over = Approvals.approved("run", "{\"code\": \"a = 1\\nb = 2\\nc = 3\\nd = 4\"}", "");
    var fitting = fitted(over).folded(WORDS, Room.of(60, 12));
    assertThat(fitting.attachments()).isEmpty();
    assertThat(fitting.note(WORDS, true, "in the thread")).isPresent();
  }

  @Test
  void theWholeRequestCanBeAFile() {
    var approval = Approvals.pending("shell", "{\"a\": 1, \"b\": \"x\\ny\"}", "why");
    assertThat(fitted(approval).request(WORDS))
        .isEqualTo(
            new Attachment(
                "request-" + approval.id() + ".txt",
                "",
                """
                coder wants to call shell

                High risk, says the agent
                Reason given: why
                Agent: coder
                Tool: shell

                a: 1

                b:
                x
                y
                """));
  }

  private static Fitting fitted(Approval approval) {
    return Fitting.of(approval, WORDS, ROOM);
  }

  private static Approval program() {
    return Approvals.pending("run", "{\"code\": " + Json.text(text()) + "}", "");
  }

  private static TextNode text() {
    return TextNode.valueOf(PROGRAM);
  }
}
