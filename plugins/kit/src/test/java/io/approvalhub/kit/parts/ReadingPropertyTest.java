package io.approvalhub.kit.parts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.approvalhub.kit.Disclosure;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Part;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ReadingPropertyTest {

  @Property(tries = 10_000)
  void everyValueOfACallStandsInExactlyOnePart(
      @ForAll("tools") String tool, @ForAll("calls") JsonNode call) {
    assertLossless(tool, call, Presentation.NONE);
  }

  @Property(tries = 2_000)
  void aPresentationHidesNothing(
      @ForAll("tools") String tool,
      @ForAll("calls") JsonNode call,
      @ForAll("presentations") Presentation presentation) {
    assertLossless(tool, call, presentation);
  }

  @Property(tries = 10_000)
  void nothingIsInvisibleAndNothingSecretIsShown(
      @ForAll("tools") String tool, @ForAll("calls") JsonNode call) {
    var reading = Reading.of(tool, Json.text(call), Presentation.NONE);
    var said =
        reading.parts().stream().map(ReadingPropertyTest::said).collect(Collectors.joining("\n"));
    said += String.join("\n", reading.headline().values());
    assertThat(Disclosure.visible(said)).isEqualTo(said);
    assertThat(said).doesNotContain("hunter2");
  }

  @Property
  void aFileCanBeNamedSoEverywhere(@ForAll("tools") String tool, @ForAll("calls") JsonNode call) {
    assertThat(Reading.of(tool, Json.text(call), Presentation.NONE).parts())
        .allSatisfy(part -> assertThat(part.fileName()).matches("[A-Za-z0-9._-]{1,64}"));
  }

  @Property
  void aDifferenceHoldsBothTexts(
      @ForAll("lines") List<String> before, @ForAll("lines") List<String> after) {
    var lines = List.of(Differences.between(join(before), join(after)).split("\n", -1));
    assertThat(side(lines, "-")).isEqualTo(join(before));
    assertThat(side(lines, "+")).isEqualTo(join(after));
  }

  @Provide
  Arbitrary<String> tools() {
    return Arbitraries.of(
        "bash",
        "write_file",
        "str_replace_based_edit_tool",
        "delete_file",
        "http_request",
        "run_python",
        "mcp__github__create_issue",
        "transfer",
        "kubectl_apply",
        "x\u202ey");
  }

  @Provide
  Arbitrary<JsonNode> calls() {
    return Arbitraries.randomValue(random -> new Calls(random).call());
  }

  @Provide
  Arbitrary<Presentation> presentations() {
    var first = Arbitraries.of(Calls.NAMES).list().ofMaxSize(4);
    var languages =
        Arbitraries.maps(
                Arbitraries.of(Calls.NAMES), Arbitraries.of("python", "json", "sql", "diff"))
            .ofMaxSize(3);
    return first.flatMap(
        names ->
            languages.map(
                known -> new Presentation(Optional.of("{{args.env}} {{args.x}}"), names, known)));
  }

  @Provide
  Arbitrary<List<String>> lines() {
    return Arbitraries.of("", "a", "b", "c", " d", "-e", "+f").list().ofMinSize(1).ofMaxSize(12);
  }

  private static void assertLossless(String tool, JsonNode call, Presentation presentation) {
    var seen = Disclosure.visible(Disclosure.masked(call));
    var parts = Reading.of(tool, Json.text(call), presentation).parts();
    assertThat(sorted(Rebuilt.from(parts, seen))).isEqualTo(sorted(seen));
  }

  private static String said(Part part) {
    return part.label() + "\n" + part.text() + "\n" + part.fileName();
  }

  /// Objects whose names are in order, so that they can be compared as texts: `1` is not `1.0`.
  private static String sorted(JsonNode node) {
    if (node.isObject()) {
      return node.properties().stream()
          .sorted(Map.Entry.comparingByKey())
          .map(
              entry -> Json.text(TextNode.valueOf(entry.getKey())) + ":" + sorted(entry.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    return node.isArray()
        ? node.valueStream()
            .map(ReadingPropertyTest::sorted)
            .collect(Collectors.joining(",", "[", "]"))
        : Json.text(node);
  }

  private static String join(List<String> lines) {
    return String.join("\n", lines);
  }

  private static String side(List<String> lines, String sign) {
    return lines.stream()
        .filter(line -> line.startsWith(" ") || line.startsWith(sign))
        .map(line -> line.substring(1))
        .collect(Collectors.joining("\n"));
  }
}
