package io.approvalhub.kit.parts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.approvalhub.kit.Disclosure;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Part;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ReadingPropertyTest {

  private static final List<String> NAMES =
      List.of(
          "command",
          "cmd",
          "cwd",
          "timeout",
          "code",
          "language",
          "path",
          "file_path",
          "content",
          "old_string",
          "new_string",
          "before",
          "after",
          "search",
          "replace",
          "edits",
          "files",
          "url",
          "method",
          "headers",
          "body",
          "sql",
          "query",
          "to",
          "subject",
          "amount",
          "currency",
          "recipient",
          "text",
          "env",
          "patch",
          "manifest",
          "a.b",
          "x y",
          "",
          "[0]",
          "name",
          "value",
          "password",
          "token",
          "api_key",
          "n\nm",
          "tag\u202eged",
          "→",
          "a\"b");

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "ls -la",
          "12",
          "true",
          "null",
          "\"x\"",
          "{\"a\":1}",
          "[1,2]",
          "[]",
          "a\nb",
          "\n",
          "a\n",
          "#!/usr/bin/env python3\nprint(1)\n",
          "SELECT 1;\n-- x",
          "{\"a\":{\"b\":[1,2,3]},\"c\":\"d\"}",
          "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
          "https://example.com/a?b=c",
          "deploy.py",
          "ä\tö",
          " lead",
          "trail ",
          "it's",
          "'",
          "\\",
          "a → b",
          "x\u200by",
          "password=hunter2 ls",
          "tab\there");

  private static final List<String> NUMBERS =
      List.of("1", "-0.50", "1E+30", "12345678901234567890");

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
    var first = Arbitraries.of(NAMES).list().ofMaxSize(4);
    var languages =
        Arbitraries.maps(Arbitraries.of(NAMES), Arbitraries.of("python", "json", "sql", "diff"))
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

  /// Arguments at random.
  private record Calls(Random random) {

    JsonNode call() {
      return random.nextInt(8) == 0 ? value(2) : object(2);
    }

    private JsonNode value(int depth) {
      return switch (depth == 0 ? 2 : random.nextInt(8)) {
        case 0 -> object(depth - 1);
        case 1 -> array(depth - 1);
        default -> scalar();
      };
    }

    private JsonNode object(int depth) {
      var object = Json.object();
      for (var left = random.nextInt(8); left > 0; left--) {
        object.set(name(), value(depth));
      }
      return object;
    }

    private JsonNode array(int depth) {
      var array = Json.array();
      for (var left = random.nextInt(5); left > 0; left--) {
        array.add(value(depth));
      }
      return array;
    }

    private JsonNode scalar() {
      return switch (random.nextInt(8)) {
        case 0 -> DecimalNode.valueOf(new BigDecimal(any(NUMBERS)));
        case 1 -> BooleanNode.valueOf(random.nextBoolean());
        case 2 -> NullNode.getInstance();
        default -> TextNode.valueOf(text());
      };
    }

    private String text() {
      return switch (random.nextInt(4)) {
        case 0 -> any(TEXTS) + "\n" + any(TEXTS);
        case 1 -> any(TEXTS).repeat(40);
        case 2 -> characters(30);
        default -> any(TEXTS);
      };
    }

    private String name() {
      return random.nextInt(9) == 0 ? characters(70) : any(NAMES);
    }

    /// Any that can be stored.
    private String characters(int most) {
      return random
          .ints(random.nextInt(most), 1, Character.MAX_CODE_POINT)
          .map(point -> random.nextBoolean() ? ' ' + point % 95 : point)
          .filter(point -> Character.getType(point) != Character.SURROGATE)
          .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
          .toString();
    }

    private String any(List<String> texts) {
      return texts.get(random.nextInt(texts.size()));
    }
  }
}
