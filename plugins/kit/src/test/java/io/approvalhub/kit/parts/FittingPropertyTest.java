package io.approvalhub.kit.parts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.kit.Json;
import io.approvalhub.kit.Words;
import io.approvalhub.kit.parts.Fitting.Attachment;
import io.approvalhub.kit.parts.Fitting.Piece;
import io.approvalhub.kit.parts.Fitting.Room;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Part;
import io.approvalhub.plugin.Reader;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class FittingPropertyTest {

  private static final Words WORDS = Words.of(Reader.DEFAULT);

  @Property(tries = 10_000)
  void whatIsNotShownInFullIsAttachedInFullOrCannotBeApproved(
      @ForAll("calls") JsonNode call, @ForAll @IntRange(max = 2_000) int most) {
    var approval = Approvals.pending("tool", Json.text(call), "why");
    var room = Room.of(most, most).size(FittingPropertyTest::size);

    var fitting = Fitting.of(approval, WORDS, room);

    var attached = fitting.attachments().stream().map(Attachment::text).toList();
    var shown = fitting.pieces().stream().filter(Piece::whole).map(Piece::part).toList();
    assertThat(approval.parts())
        .allSatisfy(
            part -> assertThat(shown.contains(part) || attached.contains(part.text())).isTrue());
    assertThat(fitting.attachments()).extracting(Attachment::name).doesNotHaveDuplicates();
    assertThat(fitting.actions(false).contains(Action.APPROVE)).isEqualTo(fitting.whole());
    assertThat(fitting.pieces().stream().mapToInt(piece -> size(piece.shown())).sum())
        .isLessThanOrEqualTo(most);
    assertThat(fitting.note(WORDS, true, "there").isPresent()).isEqualTo(!fitting.whole());
  }

  @Property
  void whatIsCutKeepsItsBeginningAndItsEndAndIsTornNowhere(
      @ForAll("texts") String text, @ForAll @IntRange(min = 100, max = 400) int most) {
    var part = new Part.Code("code", "python", "code.py", text);

    var cut = Cut.part(part, WORDS, most, shown -> shown.text().length() <= most);

    var shown = cut.orElseThrow().text();
    var mark = shown.indexOf("[… ");
    assertThat(text).startsWith(shown.substring(0, mark).stripTrailing());
    assertThat(text).endsWith(shown.substring(shown.indexOf(" …]") + 3).stripLeading());
    assertThat(shown).hasSizeLessThanOrEqualTo(most).hasSizeGreaterThan(most / 3);
    assertThat(shown.codePoints())
        .noneMatch(point -> Character.getType(point) == Character.SURROGATE);
  }

  @Provide
  Arbitrary<JsonNode> calls() {
    return Arbitraries.randomValue(random -> new Calls(random).call());
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of("line of text\n", "x", "👍🏽", "🇩🇪", "a\n\n", "é́ ")
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(texts -> String.join("", texts).repeat(600));
  }

  private static int size(Part part) {
    return part.label().length() + part.text().length() + 1;
  }
}
